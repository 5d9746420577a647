// Shows a text line by line and copies it: the keys of YAML, the words of Python, the signs of a diff and the colours
// that a program printed. Copying works also where the browser has no clipboard to offer, as over plain HTTP from
// another machine.

const KEY = /^(\s*(?:- )*)([^\s:#'"-][^:#]*)(?=:(?: |$))/
const PYTHON = new RegExp(
  [
    String.raw`(?<text>[rbfuRBFU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<word>\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield|match|case)\b)`,
    String.raw`(?<number>\b\d[\w.]*\b)`,
    String.raw`(?<decorator>^[ \t]*@[\w.]+)`,
  ].join("|"),
  "gm",
)
const SGR = /\x1b\[([0-9;]*)m/g
const OTHER_CONTROL = /\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g

function span(text, name) {
  const made = document.createElement("span")
  made.textContent = text
  made.className = name
  return made
}

function yaml(text) {
  return text.split("\n").flatMap((line) => {
    const key = line.match(KEY)
    return key ? [key[1], span(key[2], "word"), line.slice(key[0].length) + "\n"] : [line + "\n"]
  })
}

function python(text) {
  const parts = []
  let end = 0
  for (const found of text.matchAll(PYTHON)) {
    const name = Object.keys(found.groups).find((each) => found.groups[each] !== undefined)
    parts.push(text.slice(end, found.index), span(found[0], name))
    end = found.index + found[0].length
  }
  return [...parts, text.slice(end)]
}

function diff(text) {
  const names = { "+": "added", "-": "removed", "@": "word" }
  return text.split("\n").map((line) => (names[line[0]] ? span(line + "\n", names[line[0]]) : line + "\n"))
}

function log(text) {
  const parts = []
  let end = 0
  let colour = ""
  let bold = ""
  const plain = text.replace(OTHER_CONTROL, "")
  const add = (piece) => piece && parts.push(colour || bold ? span(piece, `${colour} ${bold}`.trim()) : piece)
  for (const found of plain.matchAll(SGR)) {
    add(plain.slice(end, found.index))
    end = found.index + found[0].length
    for (const code of (found[1] || "0").split(";").map(Number)) {
      if (code === 0) colour = bold = ""
      else if (code === 1) bold = "bold"
      else if (code === 22) bold = ""
      else if (code === 39) colour = ""
      else if (code >= 30 && code <= 37) colour = `ansi${code - 30}`
      else if (code >= 90 && code <= 97) colour = `ansi${code - 90}`
      else if (code === 38 || code === 48) break // of many colours: what follows says which
    }
  }
  add(plain.slice(end))
  return parts
}

const WAYS = { yaml, python, diff, log }

function copy(text) {
  const all = document.createElement("textarea")
  all.value = text
  document.body.append(all)
  all.select()
  document.execCommand("copy")
  all.remove()
}

export default function ({ data, parentElement }) {
  const shown = parentElement.querySelector("pre")
  const button = parentElement.querySelector("button")
  const atEnd = !shown.textContent || shown.scrollHeight - shown.scrollTop - shown.clientHeight < 8
  shown.setAttribute("aria-label", data.label)
  shown.classList.toggle("followed", data.follow)
  const way = WAYS[data.language]
  shown.replaceChildren(...(way ? way(data.text) : [data.text]), "\n")
  if (data.follow && atEnd) shown.scrollTop = shown.scrollHeight
  button.onclick = () => {
    copy(data.text)
    button.focus()
    button.textContent = "Copied"
    setTimeout(() => (button.textContent = "Copy"), 1500)
  }
}
