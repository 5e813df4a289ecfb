// Every page works without this: it adds the components' comforts (show the password, no double press, focus on an error).
import { initAll } from './vendor/govuk-frontend.min.js'

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

// A page that nobody clicks on is cleared. Who writes while they talk does not click: their note is saved before.
for (const form of document.querySelectorAll('form[data-save-after]')) {
  after(form.dataset.saveAfter, () => form.elements.note.value.trim() && form.requestSubmit())
}

// A safe time that ends while the page is open takes the number along.
for (const each of document.querySelectorAll('[data-until]')) after(each.dataset.until, () => { each.hidden = true })
for (const each of document.querySelectorAll('[data-from]')) after(each.dataset.from, () => { each.hidden = false })
