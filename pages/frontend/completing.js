// Suggestions below a text field of Streamlit's, to be taken by mouse or keyboard. The server says what may come next;
// here is only shown what still fits what has been typed since.

const box = document.createElement("div")
box.setAttribute("role", "listbox")
box.id = "traindeck-completions"
box.hidden = true

const state = (window.traindeckCompleting ??= { fields: new Map(), listens: false })

function inputOf(target) {
  if (!(target instanceof HTMLInputElement)) return undefined
  return [...state.fields.keys()].find((field) => target.closest(`.st-key-${field}`))
}

function fitting(input) {
  const typed = input.value.toLowerCase()
  const options = state.fields.get(inputOf(input))?.options ?? []
  return options.filter(({ text }) => text.toLowerCase().startsWith(typed) && text.trimEnd() !== input.value.trimEnd())
}

function hide() {
  state.box.hidden = true
  state.box.replaceChildren()
  state.chosen = undefined
  for (const input of document.querySelectorAll("input[aria-controls=traindeck-completions]")) {
    input.setAttribute("aria-expanded", "false")
    input.removeAttribute("aria-activedescendant")
  }
}

function show(input) {
  const options = document.activeElement === input ? fitting(input) : []
  if (!options.length) return hide()
  const { style } = state.fields.get(inputOf(input))
  state.box.replaceChildren(...options.map((option, place) => row(input, option, place, style)))
  const place = input.closest("[data-baseweb=input]")?.getBoundingClientRect() ?? input.getBoundingClientRect()
  Object.assign(state.box.style, {
    ...{ position: "fixed", zIndex: 1000000, left: `${place.left}px`, top: `${place.bottom + 4}px`, boxSizing: "border-box" },
    ...{ minWidth: `${Math.min(place.width, 280)}px`, maxWidth: `${Math.max(place.width, 280)}px`, overflow: "hidden" },
    ...{ background: style.back, color: style.text, border: `1px solid ${style.line}`, borderRadius: "8px" },
    ...{ fontFamily: style.font, fontSize: "14px", padding: "4px 0", boxShadow: "0 4px 16px rgba(0, 0, 0, 0.16)" },
  })
  state.box.hidden = false
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", state.box.id)
  input.setAttribute("aria-expanded", "true")
  choose(input, undefined)
}

function row(input, option, place, style) {
  const line = document.createElement("div")
  line.setAttribute("role", "option")
  line.id = `traindeck-completion-${place}`
  Object.assign(line.style, { display: "flex", gap: "24px", justifyContent: "space-between", padding: "4px 12px", cursor: "pointer" })
  const shown = document.createElement("span")
  shown.textContent = option.shown
  Object.assign(shown.style, { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" })
  const about = document.createElement("span")
  about.textContent = option.about
  Object.assign(about.style, { opacity: 0.6, whiteSpace: "nowrap" })
  line.append(shown, about)
  line.onmouseenter = () => choose(input, place)
  line.onmousedown = (event) => {
    event.preventDefault() // the field keeps the cursor
    take(input, option)
  }
  return line
}

function choose(input, place) {
  state.chosen = place
  const lines = [...state.box.children]
  lines.forEach((line, number) => {
    const chosen = number === place
    line.setAttribute("aria-selected", String(chosen))
    line.style.background = chosen ? state.fields.get(inputOf(input)).style.chosen : "transparent"
  })
  if (place === undefined) input.removeAttribute("aria-activedescendant")
  else input.setAttribute("aria-activedescendant", lines[place].id)
}

// As if it had been typed: React hears of a value only when it is set as the browser itself would.
function take(input, { text }) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text)
  input.dispatchEvent(new Event("input", { bubbles: true }))
  input.setSelectionRange(text.length, text.length)
}

function pressed(event) {
  if (inputOf(event.target) === undefined || state.box.hidden) return
  const many = state.box.children.length
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (way) {
    const from = state.chosen ?? (way > 0 ? -1 : 0)
    choose(event.target, (from + way + many) % many)
  } else if ((event.key === "Enter" || event.key === "Tab") && state.chosen !== undefined) {
    take(event.target, fitting(event.target)[state.chosen])
  } else if (event.key === "Escape") hide()
  else return
  event.preventDefault()
  event.stopPropagation()
}

function listen() {
  if (state.listens) return
  state.listens = true
  state.box = box
  document.body.append(box)
  document.addEventListener("input", (event) => inputOf(event.target) !== undefined && show(event.target), true)
  document.addEventListener("focusin", (event) => (inputOf(event.target) === undefined ? hide() : show(event.target)), true)
  document.addEventListener("focusout", hide, true)
  document.addEventListener("keydown", pressed, true)
  window.addEventListener("resize", hide)
  document.addEventListener("scroll", hide, true)
}

export default function ({ data, parentElement }) {
  const read = (name) => getComputedStyle(parentElement).getPropertyValue(name).trim()
  const style = { back: read("--st-background-color"), text: read("--st-text-color"), line: read("--st-border-color") }
  Object.assign(style, { font: read("--st-font"), chosen: read("--st-secondary-background-color") })
  state.fields.set(data.field, { options: data.options, style })
  listen()
  const input = document.activeElement
  if (input instanceof HTMLInputElement && inputOf(input) === data.field) show(input)
  return () => {
    state.fields.delete(data.field)
    hide()
  }
}
