// A place to drop a file or to choose one. It is sent as it is, by XMLHttpRequest, which alone tells how far it is; then
// the page hears of it: "sent" with its id, name and size, or "removed".

const MB = 1024 * 1024
const whole = (number) => Math.round(number).toLocaleString("en")
const size = (bytes) => (bytes < MB ? `${whole(Math.max(1, bytes / 1024))} KB` : `${whole(bytes / MB)} MB`)

function left(sent, total, seconds) {
  if (sent === total) return " · storing it"
  const rest = ((total - sent) * seconds) / sent
  if (seconds < 1 || !Number.isFinite(rest)) return ""
  return rest < 60 ? ` · about ${whole(rest + 0.5)} s left` : ` · about ${whole(rest / 60)} min left`
}

// What is seen: the file that the page knows, or the one on its way, or the place for one.
function draw(host) {
  const { data } = host.given
  const part = (name) => host.querySelector(`.${name}`)
  if (host.sent === data.file?.id) host.sent = undefined // the page has heard of it
  const sending = Boolean(host.request || host.sent)
  part("zone").hidden = sending || Boolean(data.file)
  part("file").hidden = sending || !data.file
  part("sending").hidden = !sending
  part("hint").textContent = `or drop one here, of at most ${whole(data.mb)} MB`
  host.querySelector("input").accept = data.accept
  if (data.file) {
    part("name").textContent = data.file.name
    part("size").textContent = size(data.file.size)
    part("remove").setAttribute("aria-label", `Remove ${data.file.name}`)
  }
  const alert = host.querySelector("p")
  alert.hidden = !host.trouble
  alert.textContent = host.trouble ?? ""
}

function send(host, file) {
  const { data } = host.given
  const request = new XMLHttpRequest()
  const began = performance.now()
  const end = (trouble) => {
    host.request = undefined
    host.trouble = trouble
    draw(host)
  }
  host.sent = undefined
  if (file.size > data.mb * MB) {
    const most = `${whole(data.mb)} MB, which is the most that is taken`
    return end(`${file.name} is larger than ${most}. Split it, or raise TRAINDECK_MAX_UPLOAD_MB.`)
  }
  const moved = (sent, total) => {
    host.querySelector("progress").value = total ? sent / total : 0
    const far = `${file.name} · ${size(sent)} of ${size(total)}`
    host.querySelector(".far").textContent = far + left(sent, total, (performance.now() - began) / 1000)
  }
  request.upload.onprogress = (event) => moved(event.loaded, event.total)
  request.onload = () => {
    const answer = request.response ?? {}
    if (request.status !== 200) return end(answer.error ?? `The server refused ${file.name} (${request.status}).`)
    host.sent = answer.id
    end()
    host.given.setTriggerValue("sent", answer)
  }
  request.onerror = () => end(`${file.name} did not arrive: the connection was lost. Nothing was kept; send it again.`)
  request.onabort = () => end()
  request.open("PUT", `${data.url}?name=${encodeURIComponent(file.name)}`)
  request.responseType = "json"
  host.request = request
  host.trouble = undefined
  moved(0, file.size)
  draw(host)
  request.send(file)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".upload")
  const zone = host.querySelector(".zone")
  const input = host.querySelector("input")
  host.given = { data, setTriggerValue }
  draw(host)

  host.querySelector(".browse").onclick = () => input.click()
  input.onchange = () => {
    if (input.files[0]) send(host, input.files[0])
    input.value = ""
  }
  host.ondragover = (event) => {
    event.preventDefault()
    zone.classList.add("over")
  }
  host.ondragleave = () => zone.classList.remove("over")
  host.ondrop = (event) => {
    event.preventDefault()
    zone.classList.remove("over")
    if (event.dataTransfer.files[0] && !host.request) send(host, event.dataTransfer.files[0])
  }
  host.querySelector(".cancel").onclick = () => host.request?.abort()
  host.querySelector(".remove").onclick = () => setTriggerValue("removed", true)
  return () => host.request?.abort()
}
