// Every page works without this: it adds the components' comforts (show the password, no double press, focus on an error).
import { initAll } from './vendor/govuk-frontend.min.js'
import { watch } from './stay.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

const opened = Date.now()

// Looked at again and again, as timers stand still while a laptop sleeps.
function after (seconds, act) {
  const looking = setInterval(() => {
    if (Date.now() - opened >= 1000 * seconds) {
      clearInterval(looking)
      act()
    }
  }, 1000)
}

const dialog = document.querySelector('.desk-stay')
if (dialog) watch(dialog)

// A safe time that ends while the page is open takes the number along.
for (const each of document.querySelectorAll('[data-until]')) after(each.dataset.until, () => { each.hidden = true })
for (const each of document.querySelectorAll('[data-from]')) after(each.dataset.from, () => { each.hidden = false })
