// A sheet to draw on, white on black; what is drawn is cut out and centred where the question is read.

const SIDE = 280; // pixels of the sheet

export function paper(ask) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE, className: "paper" });
  canvas.setAttribute("aria-label", "Draw here");
  const pen = canvas.getContext("2d");
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
      if (last) ask(canvas.toDataURL("image/png").split(",")[1]);
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
  clear();
  return { element: canvas, clear };
}
