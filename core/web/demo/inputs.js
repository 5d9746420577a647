// The inputs by kind: each has an element, and `take`, which shows an example in it and asks about it.

import { paper } from "./draw.js";

const LARGEST = 1280; // pixels of a side of what is sent; no network here sees more

function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function inputFor(demo, ask, complain) {
  const kinds = { image: picture, text, row, numbers };
  return kinds[demo.kind](demo, ask, complain);
}

function text(demo, ask) {
  const area = made("textarea", { id: "text", maxLength: 20000, placeholder: "Write or paste a text." });
  const form = made("form", {}, made("label", { htmlFor: "text", textContent: "Text" }), area, asking());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(area.value);
  });
  return { element: form, take: (example) => { area.value = example.text ?? example; ask(area.value); } };
}

const asking = () => made("div", { className: "line" }, made("button", { type: "submit", className: "main", textContent: "Ask" }));

function row(demo, ask) {
  const fields = new Map(demo.fields.map((field) => [field.name, control(field)]));
  const grid = made("div", { className: "fields" });
  for (const field of demo.fields) {
    const told = field.low !== null && field.high !== null ? `${short(field.low)} to ${short(field.high)}${field.unit ? ` ${field.unit}` : ""}` : field.unit;
    grid.append(made("label", {}, field.name, fields.get(field.name), made("small", { textContent: told })));
  }
  const form = made("form", {}, grid, asking());
  const read = () => Object.fromEntries([...fields].map(([key, input]) => [key, input.value === "" ? null : input.value]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(read());
  });
  const take = (example) => {
    const values = Array.isArray(example) ? Object.fromEntries(demo.fields.map((f, at) => [f.name, example[at]])) : example;
    for (const [key, input] of fields) {
      const value = values[key] ?? "";
      // A category that the table does not have counts as unknown, and is shown as what it is.
      if (input.options && ![...input.options].some((option) => option.value === value)) input.append(made("option", { value, textContent: value }));
      input.value = value;
    }
    ask(values);
  };
  return { element: form, take };
}

export const short = (value) => Number.isNaN(Number(value)) ? value : Number(Number(value).toPrecision(4)).toLocaleString("en", { maximumSignificantDigits: 4, useGrouping: false });

function control(field) {
  if (field.kind === "category") {
    const empty = made("option", { value: "", textContent: "(missing)" });
    return made("select", {}, empty, ...field.choices.map((each) => made("option", { value: each, textContent: each })));
  }
  const placeholder = field.kind === "date" ? (field.high ?? "2021-03-31") : "";
  return made("input", { type: "text", inputMode: field.kind === "number" ? "decimal" : "text", autocomplete: "off", placeholder });
}

function numbers(demo, ask, complain) {
  const area = made("textarea", { id: "numbers", placeholder: `Numbers in JSON, of shape ${demo.shape.join(" × ")}` });
  const form = made("form", {}, made("label", { htmlFor: "numbers", textContent: "Numbers" }), area, asking());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      ask(JSON.parse(area.value));
    } catch {
      complain("This is not JSON. Write numbers in brackets, such as [[1, 2], [3, 4]].");
    }
  });
  return { element: form, take: (example) => { area.value = JSON.stringify(example); ask(example); } };
}

function picture(demo, ask, complain) {
  const place = made("div", { className: "picture", textContent: "Choose a picture, or drop one here." });
  const file = made("input", { type: "file", accept: "image/*", hidden: true });
  const choose = made("button", { type: "button", className: "main", textContent: "Choose a picture" });
  const line = made("div", { className: "line" }, choose, file);
  const element = made("div", {}, place, line);
  let camera = null;

  const show = (source, isSmall) => place.replaceChildren(made("img", { src: source, alt: "What is asked about", className: isSmall ? "small" : "" }));
  const give = (b64, type) => {
    stop();
    show(`data:${type};base64,${b64}`, type === "image/png" && demo.shape[0] <= 64 && b64.length < 20000);
    ask({ b64 });
  };
  const read = async (chosen) => {
    if (!chosen) return;
    try {
      const sent = await reduced(chosen);
      give(await base64(sent), sent.type);
    } catch {
      complain(`${chosen.name || "The picture"} cannot be read as a picture here. Take a PNG or JPEG.`);
    }
  };
  const stop = () => {
    camera?.getTracks().forEach((track) => track.stop());
    camera = null;
    line.querySelector("[data-shot]")?.remove();
  };

  choose.addEventListener("click", () => file.click());
  file.addEventListener("change", () => { read(file.files[0]); file.value = ""; });
  for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, (event) => { event.preventDefault(); place.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); read(event.dataTransfer.files[0]); });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) read(event.clipboardData.files[0]); });

  if (navigator.mediaDevices?.getUserMedia) {
    const button = made("button", { type: "button", textContent: "Camera" });
    button.addEventListener("click", async () => {
      stop();
      try {
        camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch {
        return complain("The camera cannot be used: there is none, or the browser was not allowed to.");
      }
      const video = made("video", { srcObject: camera, autoplay: true, muted: true, playsInline: true });
      const shot = made("button", { type: "button", className: "main", textContent: "Take the picture" });
      shot.dataset.shot = "";
      shot.addEventListener("click", async () => read(await frame(video)));
      place.replaceChildren(video);
      line.append(shot);
    });
    line.append(button);
  }
  if (demo.shape[2] === 1 && demo.shape[0] <= 64) {
    const drawn = paper((b64) => ask({ b64, drawn: true }));
    const button = made("button", { type: "button", textContent: "Draw" });
    button.addEventListener("click", () => { stop(); drawn.clear(); place.replaceChildren(drawn.element); button.textContent = "Clear"; });
    line.append(button);
  }
  return { element, take: (example) => (example.b64 ? give(example.b64, "image/png") : ask(example)) };
}

const base64 = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

const drawnTo = (source, width, height) => {
  const canvas = made("canvas", { width, height });
  canvas.getContext("2d").drawImage(source, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
};

async function reduced(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  return scale === 1 && file.size < 4e6 ? file : drawnTo(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
}

const frame = (video) => drawnTo(video, video.videoWidth, video.videoHeight);
