(() => {
  'use strict';
  const $ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const data = JSON.parse(document.getElementById('data').textContent);
  document.body.classList.add('scripted');
  const marks = new Map();
  for (const mark of $('[data-c]')) {
    const of = mark.dataset.c;
    if (!marks.has(of)) marks.set(of, []);
    marks.get(of).push(mark);
  }
  // So many marks do not fade, they go at once, and are drawn once they are seen.
  if (marks.size > 600) document.body.classList.add('large');
  const body = document.querySelector('tbody');
  const rows = body ? [...body.rows] : [];
  // Hyperparameters and scores with the digits that the table has.
  const brief = (value) => (typeof value !== 'number' || Number.isInteger(value) || +value.toPrecision(8) === value
    ? String(value) : String(+value.toPrecision(4)));
  const score = (number) => {
    if (typeof number !== 'number') return '–';
    const size = Math.abs(number);
    return size >= 1000 ? number.toFixed(1) : String(+number.toPrecision(size >= 10 ? 5 : 4));
  };

  // Sorting: numbers by their value, texts by their letters, and what has neither at the end.
  const headers = $('thead th');
  const sort = (column, down) => {
    const key = (row) => {
      const cell = row.cells[column];
      const value = cell.dataset.v ?? (cell.tagName === 'TH' ? cell.textContent : undefined);
      return value === undefined ? cell.textContent : Number(value);
    };
    const keyed = rows.map((row, at) => ({ row, at, key: key(row) }));
    const kind = ({ key }) => (typeof key === 'number' && !Number.isNaN(key) ? 0 : key === '–' || key === 'failed' ? 2 : 1);
    keyed.sort((a, b) => {
      if (kind(a) !== kind(b)) return kind(a) - kind(b);
      const order = kind(a) === 0 ? a.key - b.key : String(a.key).localeCompare(String(b.key));
      return (down ? -order : order) || a.at - b.at;
    });
    body.append(...keyed.map(({ row }) => row));
    headers.forEach((header, at) => header.hasAttribute('aria-sort')
      && header.setAttribute('aria-sort', at === column ? (down ? 'descending' : 'ascending') : 'none'));
  };
  headers.forEach((header, column) => header.querySelector('button')?.addEventListener('click', () => {
    sort(column, header.getAttribute('aria-sort') === 'ascending');
    save();
  }));

  // Filters: the words of the field and the ranges on the axes.
  const input = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const ranges = new Map();
  const number = (text) => (text.trim() === '' ? NaN : Number(text.replace('−', '-')));
  const valueOf = (of, name) => {
    const [rank, means, std, train, time, state, params, , violation] = data.candidates[of];
    const at = data.names.indexOf(name);
    if (at >= 0) return params[at];
    const metric = data.metrics.indexOf(name);
    if (metric >= 0) return means[metric];
    const others = new Map([['rank', rank], ['score', means[0]], ['mean', means[0]], ['std', std], ['train', train],
      ['time', time], ['fit time', time], ['state', state], ['violation', violation]]);
    return others.get(name);
  };
  const condition = (token) => {
    const parts = token.match(/^(.+?)(<=|>=|!=|=|<|>)(.+)$/);
    if (!parts) {
      const word = token.toLowerCase();
      return (of) => {
        const [, , , , , state, params] = data.candidates[of];
        return [state, ...params].some((value) => String(value ?? 'none').toLowerCase().includes(word));
      };
    }
    const [, name, sign, text] = parts;
    const wanted = number(text);
    return (of) => {
      const value = valueOf(of, name);
      if (value === undefined || value === null) return sign === '!=';
      if (typeof value !== 'number' || Number.isNaN(wanted)) {
        const same = String(value).toLowerCase() === text.toLowerCase();
        return sign === '=' ? same : sign === '!=' ? !same : false;
      }
      return { '<': value < wanted, '>': value > wanted, '<=': value <= wanted, '>=': value >= wanted,
        '=': value === wanted, '!=': value !== wanted }[sign];
    };
  };
  const lines = $('.lines [data-c]').map((line) => ({
    line, of: line.dataset.c, at: line.getAttribute('points').split(' ').map((point) => point.split(',').map(Number)),
  }));
  const left = new Set();
  const apply = () => {
    const conditions = ((input?.value ?? '').match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((token) => token.replaceAll('"', ''))
      .filter(Boolean).map(condition);
    for (const [axis, [low, high]] of ranges) {
      conditions.push((of) => {
        // A candidate without a line has its height on the axis all the same; null where it has no score.
        const height = data.candidates[of][7][axis];
        return typeof height === 'number' && height >= low && height <= high;
      });
    }
    for (const [of, all] of marks) {
      const keep = conditions.length === 0 || conditions.every((holds) => holds(of));
      // What stays as it is costs nothing.
      if (keep !== left.has(of)) continue;
      if (keep) left.delete(of); else left.add(of);
      for (const mark of all) {
        if (mark.tagName === 'TR') mark.hidden = !keep; else mark.classList.toggle('off', !keep);
      }
    }
    const count = rows.filter((row) => !row.hidden).length;
    if (shown) shown.textContent = conditions.length ? `${count} of ${rows.length} shown` : '';
  };
  input?.addEventListener('input', () => { apply(); save(); });

  // A range on an axis of the parallel coordinates.
  for (const area of $('.brush')) {
    const axis = Number(area.dataset.axis);
    const svg = area.ownerSVGElement;
    const range = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    range.setAttribute('class', 'range');
    range.setAttribute('x', Number(area.getAttribute('x')) + 6);
    range.setAttribute('width', 16);
    const top = Number(area.getAttribute('y'));
    const bottom = top + Number(area.getAttribute('height'));
    const place = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return Math.min(bottom, Math.max(top, point.y));
    };
    let start = null;
    area.addEventListener('pointerdown', (event) => {
      start = place(event);
      try { area.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone by now */ }
      event.preventDefault();
    });
    area.addEventListener('pointermove', (event) => {
      if (start === null) return;
      const [low, high] = [start, place(event)].sort((a, b) => a - b);
      if (high - low < 3) return;
      range.setAttribute('y', low);
      range.setAttribute('height', high - low);
      area.before(range);
      ranges.set(axis, [low, high]);
      apply();
    });
    const end = (event) => {
      if (start !== null && Math.abs(place(event) - start) < 3) {
        range.remove();
        ranges.delete(axis);
        apply();
      }
      start = null;
    };
    area.addEventListener('pointerup', end);
    area.addEventListener('pointercancel', () => { start = null; });
  }

  // The candidate under the pointer, everywhere on the page.
  const tip = document.getElementById('tip');
  let hot = null;
  const heat = (of) => {
    if (of === hot) return;
    marks.get(hot)?.forEach((mark) => mark.classList.remove('hot'));
    hot = of;
    marks.get(hot)?.forEach((mark) => mark.classList.add('hot'));
  };
  const nearest = (event) => {
    const svg = event.target.closest?.('svg.plot');
    if (!svg || !svg.querySelector('.lines')) return null;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let best = [7, null];
    for (const { line, of, at } of lines) {
      const next = at.findIndex((point) => point[0] >= x);
      if (next < 1 || line.classList.contains('off')) continue;
      const [[x0, y0], [x1, y1]] = [at[next - 1], at[next]];
      const distance = Math.abs(y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) - y);
      if (distance < best[0]) best = [distance, of];
    }
    return best[1];
  };
  document.addEventListener('pointermove', (event) => {
    const mark = event.target.closest?.('[data-c]');
    const of = mark?.dataset.c ?? nearest(event);
    heat(of);
    const known = of !== null && data.candidates[of];
    tip.hidden = !known || mark?.tagName === 'TR';
    if (tip.hidden) return;
    const [rank, [mean], std, , , , params] = known;
    const words = params.map((value, at) => [data.names[at], value]).filter(([, value]) => value !== null);
    tip.textContent = [`#${rank}  ${data.metrics[0] ?? 'score'} ${score(mean)}${std === null ? '' : ` ± ${score(std)}`}`,
      ...words.map(([name, value]) => `${name} = ${brief(value)}`)].join('\n');
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - box.width - 8)}px`;
    tip.style.top = `${event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 10 : event.clientY + 18}px`;
  });
  document.addEventListener('pointerleave', () => { heat(null); tip.hidden = true; });

  // A page that follows a search loads anew, with the filter, the order and the place that it had.
  const key = `dropgrid ${location.pathname}`;
  const save = () => {
    const sorted = headers.findIndex((header) => ['ascending', 'descending'].includes(header.getAttribute('aria-sort')));
    const loads = Number(document.body.dataset.loads ?? 1);
    // The place is that of a section: those above may be drawn only once they are seen.
    const sections = $('section[id]').map((section) => [section.id, section.getBoundingClientRect().top]);
    const [at, top] = sections.findLast(([, y]) => y <= 0) ?? ['', 0];
    const state = { loads, filter: input?.value, sorted, down: headers[sorted]?.getAttribute('aria-sort') === 'descending', at,
      y: at ? -top : scrollY };
    try { sessionStorage.setItem(key, JSON.stringify(state)); } catch { /* a page of a file may have no storage */ }
  };
  const { live, version } = document.body.dataset;
  if (live !== undefined) {
    try {
      const state = JSON.parse(sessionStorage.getItem(key) ?? 'null');
      document.body.dataset.loads = (state?.loads ?? 0) + 1;
      if (state) {
        if (input && state.filter) { input.value = state.filter; apply(); }
        if (state.sorted > 0 || state.down) sort(state.sorted, state.down);
        const section = state.at && document.getElementById(state.at);
        scrollTo(0, (section ? section.getBoundingClientRect().top + scrollY : 0) + state.y);
      }
    } catch { /* as above */ }
    const look = async () => {
      try {
        const answer = await fetch(live, { cache: 'no-store' });
        if (answer.ok && (await answer.text()) !== version && !document.hidden) {
          save();
          location.reload();
          return;
        }
      } catch { /* the server is gone; the page stays as it is */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }
})();
