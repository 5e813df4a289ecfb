// What a test asks of a page that stands open: where its controls are, what the focus changes, and what is cut.
// Evaluated as an object of functions; the controls keep their numbers until the next list().
(() => {
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [contenteditable], [tabindex="0"]'
  const SIDES = ['Top', 'Right', 'Bottom', 'Left']
  let listed = []

  const said = e => `${e.tagName.toLowerCase()} “${(e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 50)}”`
  const clear = colour => /^rgba\(.*, 0\)$|^transparent$/.test(colour)

  // All that a focus may change of an element and of what is drawn before and after it.
  function look (e, part) {
    const s = getComputedStyle(e, part)
    const outline = s.outlineStyle === 'none' || s.outlineWidth === '0px' || clear(s.outlineColor) ? '' : s.outline
    const borders = SIDES.map(side => s[`border${side}Width`] + s[`border${side}Color`])
    return [outline, s.boxShadow, s.backgroundColor, s.textDecorationLine, s.clipPath, ...borders].join('|')
  }

  const looks = e => [e, ...(e.labels || [])].flatMap(each => ['', '::before', '::after'].map(part => look(each, part || null))).join('/')

  // A link in a sentence has a box on each line.
  function boxes (e) {
    const lines = [...e.getClientRects()].map(({ left, top, right, bottom }) => ({ left, top: top + scrollY, right, bottom: bottom + scrollY }))
    return { first: lines[0], last: lines.at(-1) }
  }

  // A group of radio buttons is one stop: Tab comes to the one that is chosen, arrows to the others.
  const group = e => e.type === 'radio' ? `${e.form?.action} ${e.name}` : ''

  const isSeen = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]')

  // What stands in one pixel is for ears, and what stands in a select is cut by the browser, which shows it whole when opened.
  const isForEars = e => e !== null && (getComputedStyle(e).position === 'absolute' && e.clientWidth <= 1 || isForEars(e.parentElement))
  const isMeant = e => isSeen(e) && !e.closest('select, textarea, datalist') && !isForEars(e)

  return {
    // Open what is folded, put the focus before all controls, and return them in the order of the page.
    list () {
      for (const each of document.querySelectorAll('details')) each.open = true
      document.body.tabIndex = -1
      document.body.focus()
      document.body.removeAttribute('tabindex')
      scrollTo(0, 0)
      listed = [...document.querySelectorAll(CONTROLS)].filter(e => isSeen(e) && !e.disabled)
      for (const each of listed) each.unfocused = looks(each)
      return listed.map(e => ({ said: said(e), ...boxes(e), group: group(e), tabindex: e.tabIndex, kind: `${e.tagName} ${e.type || ''} ${e.className}` }))
    },

    // What has the focus: its number in list(), null on the page itself, whether one sees that, and whether it is in sight.
    focused () {
      const e = document.activeElement
      if (e === document.body || !e) return null
      const { left, top, width, height } = e.getBoundingClientRect()
      const [x, y] = [Math.min(left + width / 2, innerWidth - 1), Math.min(top + Math.min(height, innerHeight) / 2, innerHeight - 1)]
      const [first] = e.getClientRects()
      const hits = [document.elementFromPoint(x, y), document.elementFromPoint(first.left + first.width / 2, first.top + first.height / 2)]
      return {
        number: listed.indexOf(e),
        said: said(e),
        isSeen: looks(e) !== e.unfocused,
        isInSight: hits.some(hit => hit && [e, ...(e.labels || [])].some(each => each.contains(hit)))
      }
    },

    // Bring what has the focus into the middle of the window, and return where it stands there, with room for what is drawn around it.
    centre () {
      document.activeElement.scrollIntoView({ block: 'center' })
      const { x, y, width, height } = document.activeElement.getBoundingClientRect()
      return { x: x - 8, y: y - 8, width: width + 16, height: height + 16 }
    },

    unfocus () { document.activeElement.blur() },
    focus (number) { listed[number].focus({ preventScroll: true }) },

    // Where the error summary stands: its links without a field, or null where there is none.
    summary () {
      const e = document.querySelector('.govuk-error-summary')
      if (!e) return null
      const links = [...e.querySelectorAll('a')].map(a => a.getAttribute('href'))
      const fields = 'input, select, textarea'
      return {
        isFocused: e.contains(document.activeElement),
        links,
        lost: links.filter(href => !href.startsWith('#') || !document.getElementById(href.slice(1))?.matches(fields))
      }
    },

    // Text that runs out of the window, of what clips it, or of the coloured box in which it stands.
    cut () {
      const wrong = new Set()
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, node => node.data.trim() && isMeant(node.parentElement) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT)
      while (texts.nextNode()) {
        const range = document.createRange()
        range.selectNodeContents(texts.currentNode)
        const { left, top, right, bottom } = range.getBoundingClientRect()
        const says = `“${texts.currentNode.data.trim().slice(0, 40)}” out of`
        for (let e = texts.currentNode.parentElement; e !== document.documentElement; e = e.parentElement) {
          const s = getComputedStyle(e)
          if (/auto|scroll/.test(s.overflowX)) break
          const box = e === document.body ? { left: 0, right: innerWidth } : e.getBoundingClientRect()
          const isColoured = s.display !== 'inline' && (!clear(s.backgroundColor) || s.borderLeftStyle !== 'none')
          const isClipped = /hidden|clip/.test(s.overflowX)
          if ((isColoured || isClipped || e === document.body) && (left < box.left - 1 || right > box.right + 1)) wrong.add(`${says} ${e.tagName.toLowerCase()}.${e.className}`)
          if (isClipped && (top < box.top - 1 || bottom > box.bottom + 1)) wrong.add(`${says} ${e.tagName.toLowerCase()}.${e.className}, below`)
        }
      }
      return [...wrong]
    },

    isWide: () => document.documentElement.scrollWidth > window.innerWidth,

    // What is pressed most must be easy to hit: the call, and the one thing that a page is for.
    small: least => [...document.querySelectorAll('.govuk-button:not(.govuk-button--secondary)')].filter(isSeen)
      .filter(e => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < least)
      .map(e => `lower than ${least}: ${said(e)}, ${e.getBoundingClientRect().height}`)
  }
})()
