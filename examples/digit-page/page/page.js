'use strict';
// The module has no imports: it computes, and this page draws.
const bytes = Uint8Array.from(atob(document.getElementById('module').textContent), (letter) => letter.charCodeAt(0));
const reader = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
const byId = (id) => document.getElementById(id);
const [sheet, cells, bars, answer, hint] = ['sheet', 'cells', 'bars', 'answer', 'hint'].map(byId);
const ink = () => getComputedStyle(document.documentElement).getPropertyValue('--ink');
const percent = (share) => `${(100 * share).toFixed(1)} %`;

const rows = Array.from({ length: 10 }, (_, digit) => {
  const row = document.createElement('li');
  row.innerHTML = `<span>${digit}</span><span class="track"><i></i></span><span></span>`;
  return bars.appendChild(row);
});

// All strokes, each a list of points in shares of the sheet's side, and the stroke under way.
let strokes = [];
let stroke = null;

function paint() {
  const side = sheet.clientWidth * (window.devicePixelRatio || 1);
  sheet.width = sheet.height = side;
  const pen = sheet.getContext('2d');
  Object.assign(pen, { lineWidth: side / 13, lineCap: 'round', lineJoin: 'round', strokeStyle: ink() });
  for (const points of strokes) {
    pen.beginPath();
    points.forEach(([x, y]) => pen.lineTo(x * side, y * side));
    // A line of no length would leave no dot.
    if (points.length === 1) pen.lineTo(points[0][0] * side + 0.1, points[0][1] * side);
    pen.stroke();
  }
}

function predict() {
  reader.clear();
  for (const points of strokes) {
    reader.begin_stroke();
    points.forEach(([x, y]) => reader.line_to(x, y));
  }
  reader.read_drawing();
  reader.predict();
}

function show() {
  paint();
  predict();
  const is_empty = strokes.length === 0;
  hint.hidden = !is_empty;
  const eye = cells.getContext('2d');
  eye.clearRect(0, 0, 8, 8);
  eye.fillStyle = ink();
  for (let at = 0; at < 64; at++) {
    eye.globalAlpha = reader.cell(at) / 16;
    eye.fillRect(at % 8, Math.floor(at / 8), 1, 1);
  }
  const shares = rows.map((_, digit) => (is_empty ? 0 : reader.probability(digit)));
  const best = shares.indexOf(Math.max(...shares));
  rows.forEach((row, digit) => {
    row.classList.toggle('best', !is_empty && digit === best);
    row.querySelector('i').style.transform = `scaleX(${shares[digit]})`;
    row.lastChild.textContent = is_empty ? '' : percent(shares[digit]);
  });
  answer.firstChild.textContent = is_empty ? '?' : best;
  answer.lastChild.textContent = is_empty ? 'draw a digit' : `with a probability of ${percent(shares[best])}`;
}

function place(event) {
  const box = sheet.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

sheet.addEventListener('pointerdown', (event) => {
  if (!event.isPrimary || event.button > 0) return;
  strokes.push(stroke = [place(event)]);
  show();
});
addEventListener('pointermove', (event) => {
  if (!stroke || !event.isPrimary) return;
  stroke.push(...(event.getCoalescedEvents?.() ?? []).concat(event).map(place));
  show();
});
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { stroke = null; });
function clear() {
  strokes = [];
  stroke = null;
  show();
}
byId('clear').addEventListener('click', clear);
addEventListener('keydown', (event) => { if (event.key === 'Escape') clear(); });
addEventListener('resize', show);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
show();
