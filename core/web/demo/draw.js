// A sheet to draw on, white on black, whose picture is centred as those of the small grey data sets are.

const SIDE = 280; // pixels of the sheet
const MARGIN = 4 / 28; // of the network's picture that stays free around what is drawn

export function paper(side, ask) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE, className: "paper" });
  canvas.setAttribute("aria-label", "Draw here");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(pen, { lineWidth: SIDE / 14, lineCap: "round", lineJoin: "round", strokeStyle: "#ffffff" });
  let last = null;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  const clear = () => {
    pen.fillStyle = "#000000";
    pen.fillRect(0, 0, SIDE, SIDE);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    draw(last);
  });
  canvas.addEventListener("pointermove", (event) => { if (last) draw(at(event)); });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      if (last) ask(picture());
      last = null;
    });
  }
  function draw(to) {
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...to);
    pen.stroke();
    last = to;
  }
  function picture() {
    const [left, top, width, height] = drawnBox(pen);
    const small = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const target = small.getContext("2d");
    target.fillRect(0, 0, side, side);
    const scale = (side * (1 - 2 * MARGIN)) / Math.max(width, height, 1);
    const size = [width * scale, height * scale];
    target.imageSmoothingQuality = "high";
    target.drawImage(canvas, left, top, width, height, (side - size[0]) / 2, (side - size[1]) / 2, ...size);
    return small.toDataURL("image/png").split(",")[1];
  }
  clear();
  return { element: canvas, clear };
}

function drawnBox(pen) {
  const { data } = pen.getImageData(0, 0, SIDE, SIDE);
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (data[4 * (y * SIDE + x)] < 128) continue;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return left > right ? [0, 0, SIDE, SIDE] : [left, top, right - left + 1, bottom - top + 1];
}
