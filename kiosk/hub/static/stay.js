// A page that nobody uses is cleared. A minute before, unless somebody types or presses, it asks whether they are there.
// Its Refresh header clears it whatever becomes of this script, and is held back only while there is time. A browser that
// cannot hold it back, without the Navigation API, is not asked: there the page is cleared on time as without script.
const LAST = 5 // seconds before the sign-in ends: a note that is being written can still be saved
const PATIENCE = 3000 // milliseconds for an answer of the desk
const BY_ITSELF = { 'Waymark-By-Itself': '1' } // counts as no use of the sign-in
const ELSEWHERE = 'elsewhere'

// A note is saved as it stands, once, and without a new page: one would keep the sign-in open with nobody there.
function saveNotes () {
  for (const form of document.querySelectorAll('form[data-saved-before-clearing]')) {
    const body = new URLSearchParams(new FormData(form))
    if (body.get('note').trim()) fetch(form.action, { method: 'POST', body, headers: BY_ITSELF, redirect: 'manual', keepalive: true }).catch(() => {})
  }
}

export function watch (dialog) {
  const warnedBefore = Number(dialog.dataset.warnedBefore)
  const canStay = Boolean(window.navigation)
  const token = dialog.querySelector('[name=csrf_token]').value
  let ends, isLast = false, isWarned = false, isGone = false, isClearing = false, usedAt = -Infinity

  // By two clocks, whichever is first: one stands still while a laptop sleeps, the other can be set back.
  const renew = seconds => { ends = { day: Date.now() + 1000 * seconds, run: performance.now() + 1000 * seconds } }
  const left = () => Math.min(ends.day - Date.now(), ends.run - performance.now()) / 1000
  const isUsed = () => Date.now() - usedAt <= 1000 * warnedBefore

  // Emptied first: while a desk does not answer, the browser would show what was there.
  function leave () {
    isGone = true
    clearInterval(looking)
    document.body.replaceChildren()
    location.replace(dialog.dataset.idle)
  }

  // Another page of this sign-in may have been used since, or ended it. Throws if the desk cannot be reached.
  async function ask (headers) {
    const answer = await fetch(dialog.dataset.at, { method: 'POST', headers: { 'X-CSRFToken': token, ...headers }, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })
    if (answer.status >= 500) throw new Error(`The desk answers ${answer.status}`)
    if (!answer.ok) return leave()
    const said = await answer.json()
    isLast = said.isLast
    if (canStay) renew(said.seconds - LAST)
    if (left() > warnedBefore) {
      isWarned = false
      if (dialog.open) dialog.close(ELSEWHERE)
    }
  }

  function tellTime () {
    const seconds = Math.max(1, Math.round(left()))
    for (const each of dialog.querySelectorAll('[data-left]')) each.textContent = seconds > 50 ? '1 minute' : `${seconds} seconds`
  }

  function open (isLost) {
    if (isGone || dialog.open) return
    const shown = [isLast ? 'last' : 'more', isLost && 'lost']
    for (const each of dialog.querySelectorAll('[data-if]')) each.hidden = !shown.includes(each.dataset.if)
    tellTime()
    dialog.returnValue = ''
    dialog.showModal()
  }

  async function warn () {
    isWarned = true
    if (canStay) await ask(isUsed() ? {} : BY_ITSELF).catch(() => {})
    if (isGone || left() > warnedBefore) return
    // The browser wakes a page that is not on the screen once a minute: it may be too late then.
    if (document.hidden) saveNotes()
    if (canStay) open(false)
  }

  // Nothing can be read until the desk has said that the sign-in goes on.
  async function clear () {
    if (isClearing || isGone) return
    isClearing = true
    document.body.style.opacity = 0
    await ask(BY_ITSELF).catch(leave)
    if (!isGone && left() < PATIENCE / 1000) {
      saveNotes()
      leave()
    }
    document.body.style.opacity = ''
    isClearing = false
  }

  function look () {
    if (left() <= 0) clear()
    else if (left() <= warnedBefore && !isWarned) warn()
  }

  renew(Number(dialog.dataset.seconds) - LAST - performance.now() / 1000)
  const looking = setInterval(look, 1000)
  for (const use of ['keydown', 'pointerdown', 'input']) document.addEventListener(use, () => { usedAt = Date.now() }, { capture: true, passive: true })

  // However it is closed, also by Esc, somebody is there.
  dialog.addEventListener('close', () => {
    if (!isGone && !isLast && dialog.returnValue !== ELSEWHERE) ask({}).catch(() => open(true))
  })
  window.navigation?.addEventListener('navigate', event => {
    const isIdle = new URL(event.destination.url).pathname === dialog.dataset.idle
    if (isIdle && !isGone && left() > 0 && event.cancelable) event.preventDefault()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    if (left() <= 0) return clear()
    ask(BY_ITSELF).catch(() => {})
    tellTime()
  })
  // By the Back button a page comes as it was left, though the sign-in may have ended.
  window.addEventListener('pageshow', event => { if (event.persisted) clear() })
}
