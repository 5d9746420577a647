// The keyboard, on every page: `/` search, Ctrl+K or ⌘K the command palette, `g` and a letter a page, `?` these keys.

const WAIT = 120 // milliseconds after the last letter before runs are looked for
const CHORD = 1500 // milliseconds within which the second key of two counts
const TYPING = "input, textarea, select, [contenteditable=true], [role=textbox], [role=grid], canvas"
const LETTERS = { o: "", l: "launch", r: "runs", c: "compare", m: "models", d: "datasets", s: "system" }
let began = 0 // when `g` was pressed

// Streamlit (1.67) puts dialogs beside the app, and only the app says whether it is light or dark, by which page.css goes.
const schemed = () => {
  const app = document.querySelector(".stApp")
  const dialog = document.querySelector("body > [data-testid=stDialog]")
  if (app && dialog) dialog.style.colorScheme = getComputedStyle(app).colorScheme
}
new MutationObserver(schemed).observe(document.body, { childList: true })

// Streamlit (1.67) names fields by their labels as they are written, in Markdown: read out, without its backslashes.
const ESCAPED = /\\([!-/:-@[-`{-~])/g
const named = (element) => {
  const name = element.getAttribute("aria-label")
  if (name?.includes("\\")) element.setAttribute("aria-label", name.replace(ESCAPED, "$1"))
}
new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") named(target)
    for (const node of addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue
      named(node)
      node.querySelectorAll('[aria-label*="\\\\"]').forEach(named)
    }
  }
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-label"] })

// A link within the page opens the fold that its place is in: the browser alone would show what it holds, but inert.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']")
  const place = link && document.getElementById(link.getAttribute("href").slice(1))
  place?.closest("details:not([open])")?.querySelector("summary").click()
})

// The entry of the page that one is on leads to its beginning; Streamlit would draw the same model or data set anew.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-testid=stSidebarNavLink][aria-current=page]")
    if (!link || !location.search || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    taken(event)
    history.pushState({}, "", link.href)
    dispatchEvent(new PopStateEvent("popstate"))
  },
  { capture: true },
)

// Before Streamlit hears of a key: by itself, r runs the page again there.
document.addEventListener("keydown", (event) => act(event) && taken(event), { capture: true })

function taken(event) {
  event.preventDefault()
  event.stopImmediatePropagation()
}

// Whether the key was one of these.
function act(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    openPalette()
    return true
  }
  const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(`${TYPING}, dialog`)
  if (elsewhere || document.querySelector("dialog[open], [role=dialog]")) return false
  const second = performance.now() - began < CHORD
  began = 0
  if (second && event.key in LETTERS) go(LETTERS[event.key])
  else if (event.key === "g") began = performance.now()
  else if (event.key === "/") search()
  else if (event.key === "?") openHelp()
  else return false
  return true
}

const PAGES = JSON.parse(document.currentScript.dataset.pages) // titles and addresses
const base = () => new URL(".", location.href).href

// By Streamlit's own link where there is one: it changes the page without loading it anew.
function go(path) {
  const address = new URL(path, base()).href
  const links = [...document.querySelectorAll("a[data-testid=stSidebarNavLink]")]
  const link = links.find((each) => each.href === address && each.checkVisibility())
  if (link) link.click()
  else location.assign(address)
}

function search() {
  const fields = ["search", "launch_field", "run_log_words", "compare_find"].map((key) => `.st-key-${key} input`)
  const field = document.querySelector(fields.join())
  if (field) field.focus()
  else openPalette()
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function dialog(title, ...children) {
  const made = element("dialog", { className: "keys" }, ...children)
  made.setAttribute("aria-label", title)
  made.addEventListener("close", () => made.remove())
  made.addEventListener("click", (event) => event.target === made && made.close()) // beside it
  const app = document.querySelector(".stApp") ?? document.body // which is light or dark
  app.append(made)
  made.showModal()
  return made
}

function openHelp() {
  const rows = [
    ["/", "search"],
    ["Ctrl K", "runs, models, data sets and pages by name"],
    ...Object.entries(LETTERS).map(([letter, path]) => [`g ${letter}`, PAGES.find((page) => page[1] === path)[0]]),
    ["?", "these keys"],
    ["Esc", "close"],
  ]
  const list = element("dl")
  for (const [keys, what] of rows) {
    const shown = keys.split(" ").map((each) => element("kbd", { textContent: each }))
    list.append(element("dt", {}, ...shown), element("dd", { textContent: what }))
  }
  dialog("Keyboard", element("h2", { textContent: "Keyboard" }), list)
}

function openPalette() {
  if (document.querySelector("dialog.keys")) return
  const field = element("input", { type: "text", placeholder: "A run, a model, a data set or a page", maxLength: 200 })
  const list = element("ul", { id: "keys_found" })
  const attributes = { role: "combobox", "aria-label": "Go to", "aria-controls": list.id, "aria-expanded": "true" }
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value)
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", "Found")
  const made = dialog("Go to", field, list)
  let timer
  let asked = 0
  const look = async () => {
    const number = ++asked
    const found = await entries(field.value)
    if (number === asked) fill(list, field, found, made)
  }
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(look, WAIT)
  })
  field.addEventListener("keydown", (event) => choose(event, list, field))
  look()
}

async function entries(text) {
  const words = text.trim().toLowerCase()
  const pages = PAGES.filter(([title]) => title.toLowerCase().includes(words)).map(([title, path]) => ({
    title,
    detail: "page",
    open: () => go(path),
  }))
  const to = (path) => () => location.assign(new URL(path, base()).href)
  let answer = { runs: [], models: [], datasets: [] }
  try {
    const response = await fetch(new URL(`api/palette?query=${encodeURIComponent(text)}`, base()))
    if (response.ok) answer = await response.json()
  } catch {
    // The server is away: the pages are still there.
  }
  const runs = answer.runs.map((run) => ({
    title: `#${run.id} ${run.name}`,
    detail: `${run.state} · ${run.experiment}`,
    open: to(`run?id=${run.id}`),
  }))
  const sets = answer.datasets.map((each) => ({
    title: each.title,
    detail: "data set",
    open: to(`datasets?dataset=${encodeURIComponent(each.name)}`),
  }))
  const models = answer.models.map((each) => ({
    title: each.name,
    detail: each.description ? `model · ${each.description}` : "model",
    open: to(`models?model=${encodeURIComponent(each.name)}`),
  }))
  return words ? [...pages, ...models, ...runs, ...sets] : [...runs, ...models, ...pages, ...sets]
}

function fill(list, field, found, made) {
  const rows = found.map(({ title, detail, open }, place) => {
    const row = element("li", { id: `keys_${place}` }, element("b", { textContent: title }), element("span", { textContent: detail }))
    row.setAttribute("role", "option")
    row.addEventListener("click", () => {
      made.close()
      open()
    })
    return row
  })
  const none = element("li", { textContent: "Nothing has this name." })
  none.setAttribute("role", "option")
  none.setAttribute("aria-disabled", "true")
  list.replaceChildren(...(rows.length ? rows : [none]))
  mark(list, field, rows[0])
}

function mark(list, field, row) {
  for (const each of list.children) each.setAttribute("aria-selected", String(each === row))
  field.setAttribute("aria-activedescendant", row?.id ?? "")
  row?.scrollIntoView({ block: "nearest" })
}

function choose(event, list, field) {
  const rows = [...list.querySelectorAll("li[id]")]
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true")
  if (event.key === "Enter") rows[at]?.click()
  else if (event.key === "ArrowDown") mark(list, field, rows[Math.min(at + 1, rows.length - 1)])
  else if (event.key === "ArrowUp") mark(list, field, rows[Math.max(at - 1, 0)])
  else return
  event.preventDefault()
}
