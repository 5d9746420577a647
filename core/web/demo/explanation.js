// Why an answer was given: places of a picture, tokens, or values, what each speaks for, and whether that is to be believed.

import { made } from "./answers.js";

const MOST = 12; // values of a row that are shown
const FOR = "214, 48, 49", AGAINST = "38, 120, 222"; // red, green, blue: as core/charts/contributions.py has them
const shade = (value, most) => `rgba(${value >= 0 ? FOR : AGAINST}, ${(0.75 * Math.abs(value)) / (most || 1)})`;
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toLocaleString("en", { maximumSignificantDigits: 2 })}`;

export function explanation(found, version) {
  const parts = [made("h2", `What speaks for ${found.target}, by version ${version}`)];
  if (found.heat.length) parts.push(map(found));
  else parts.push(found.method === "left_out" ? tokens(found) : values(found));
  const legend = made("p", "", "legend");
  legend.append(swatch(FOR), `for ${found.target} `, swatch(AGAINST), "against it");
  parts.push(legend, made("p", `${found.title}. ${found.compared}`, "empty"));
  const checks = made("ul", "", "notes");
  checks.append(...found.checks.map((check) => made("li", `${check.is_good ? "" : "Beware: "}${check.text}`, check.is_good ? "" : "bad")));
  parts.push(checks);
  return parts;
}

function swatch(colour) {
  const element = made("i", "", "swatch");
  element.style.background = `rgb(${colour})`;
  return element;
}

const largest = (numbers) => Math.max(...numbers.map(Math.abs));

function map(found) {
  const height = found.heat.length, width = found.heat[0].length;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Places of the picture that speak for ${found.target}, and against it`);
  const pen = canvas.getContext("2d"), most = largest(found.heat.flat());
  found.heat.forEach((row, y) => row.forEach((value, x) => {
    pen.fillStyle = shade(value, most);
    pen.fillRect(x, y, 1, 1);
  }));
  const place = made("div", "", "heat");
  if (found.picture) place.append(Object.assign(document.createElement("img"), { src: `data:image/png;base64,${found.picture}`, alt: "" }));
  place.append(canvas);
  return place;
}

function tokens(found) {
  const line = made("p", "", "tokens"), most = largest(found.parts.map((part) => part.value));
  for (const part of found.parts) {
    const token = made("span", part.name);
    token.style.background = shade(part.value, most);
    token.title = signed(part.value);
    line.append(token, " ");
  }
  return line;
}

function values(found) {
  const list = made("ul", "", "shares"), most = largest(found.parts.map((part) => part.value));
  for (const part of found.parts.slice(0, MOST)) {
    const item = made("li"), bar = made("div", "", "bar"), filled = made("i");
    filled.style.width = `${(100 * Math.abs(part.value)) / (most || 1)}%`;
    filled.style.background = `rgb(${part.value >= 0 ? FOR : AGAINST})`;
    bar.append(filled);
    item.append(made("span", `${part.name} = ${part.given || "missing"}`), made("span", signed(part.value), "number"), bar);
    list.append(item);
  }
  if (found.parts.length > MOST) list.append(made("li", `and ${found.parts.length - MOST} more`, "empty"));
  return list;
}
