// Shows a text line by line, the keys of YAML in colour, and copies it: also where the browser has no clipboard to
// offer, as over plain HTTP from another machine.

const KEY = /^(\s*(?:- )*)([^\s:#'"-][^:#]*)(?=:(?: |$))/

function line(text, language) {
  const key = language === "yaml" && text.match(KEY)
  if (!key) return [text]
  const name = document.createElement("span")
  name.textContent = key[2]
  return [key[1], name, text.slice(key[0].length)]
}

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
  shown.replaceChildren(...data.text.split("\n").flatMap((text) => [...line(text, data.language), "\n"]))
  if (data.follow && atEnd) shown.scrollTop = shown.scrollHeight
  button.onclick = () => {
    copy(data.text)
    button.focus()
    button.textContent = "Copied"
    setTimeout(() => (button.textContent = "Copy"), 1500)
  }
}
