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
  const body = document.querySelector('#candidates tbody');
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
  const headers = $('#candidates thead th');
  const sort = (column, down) => {
    const key = (row) => {
      const cell = row.cells[column];
      const value = cell.dataset.v ?? (cell.tagName === 'TH' ? cell.textContent : undefined);
      // A state is sorted by its word, and not by the reason that opens below it.
      return value === undefined ? (cell.querySelector('summary') ?? cell).textContent : Number(value);
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
  const brushes = $('.brush').map((area) => {
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
    const choose = (low, high) => {
      range.setAttribute('y', low);
      range.setAttribute('height', high - low);
      area.before(range);
      ranges.set(axis, [low, high]);
      apply();
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
      if (high - low >= 3) choose(low, high);
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
    return choose;
  });
  // The axes by name, as a later page may have others before them.
  const axes = [...data.names.slice(0, brushes.length - 1), ' score'];

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
  const point = (event) => {
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
  };
  document.addEventListener('pointermove', point);
  document.addEventListener('pointerdown', point);
  // A finger leaves as soon as it is lifted; the name that it asked for stays until it touches elsewhere.
  document.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType !== 'touch') { heat(null); tip.hidden = true; }
  });

  // A page that follows a search loads anew, and its reader finds all as it was left.
  const key = `dropgrid ${location.pathname}`;
  const { live, version } = document.body.dataset;
  const nameOf = (header) => header?.querySelector('button')?.getAttribute('aria-label') ?? header?.textContent;
  // What can be scrolled or opened, with a name that the later page has as well.
  const named = (all) => all.map((it) => [`${it.closest('[data-c]')?.dataset.c ?? ''} ${it.closest('[id]')?.id ?? ''}`, it]);
  const scrolled = named($('.scroll, .canvas, pre'));
  const opened = named($('details'));
  const save = () => {
    const sorted = headers.find((header) => ['ascending', 'descending'].includes(header.getAttribute('aria-sort')));
    // The place is that of a section: those above may be drawn only once they are seen.
    const sections = $('section[id]').map((section) => [section.id, section.getBoundingClientRect().top]);
    const [at, top] = sections.findLast(([, y]) => y <= 0) ?? ['', 0];
    const state = {
      loads: Number(document.body.dataset.loads ?? 1), filter: input?.value, caret: [input?.selectionStart, input?.selectionEnd],
      focused: document.activeElement === input, sorted: nameOf(sorted), down: sorted?.getAttribute('aria-sort') === 'descending',
      ranges: [...ranges].map(([axis, range]) => {
        const scale = data.scales[axis];
        return [axes[axis], range, JSON.stringify(scale), valuesOf(scale, range)];
      }),
      open: opened.filter(([, it]) => it.open).map(([name]) => name),
      scrolls: scrolled.map(([name, it]) => [name, it.scrollLeft, it.scrollTop]), at, y: at ? -top : scrollY,
    };
    try { sessionStorage.setItem(key, JSON.stringify(state)); } catch { /* a page of a file may have no storage */ }
  };
  const restore = (state) => {
    if (input && state.filter) input.value = state.filter;
    for (const [name, range, before, values] of state.ranges) {
      const axis = axes.indexOf(name);
      if (!brushes[axis]) continue;
      const scale = data.scales[axis];
      const heights = JSON.stringify(scale) === before ? range : heightsOf(scale, values);
      if (heights) brushes[axis](...heights);
    }
    apply();
    const sorted = headers.findIndex((header) => nameOf(header) === state.sorted);
    if (sorted > 0 || (sorted === 0 && state.down)) sort(sorted, state.down);
    for (const [name, it] of opened) it.open ||= state.open.includes(name);
    if (input && state.focused) input.focus({ preventScroll: true });
    input?.setSelectionRange(...state.caret);
    const section = state.at && document.getElementById(state.at);
    scrollTo(0, (section ? section.getBoundingClientRect().top + scrollY : 0) + state.y);
    const places = new Map(state.scrolls.map(([name, ...place]) => [name, place]));
    for (const [name, it] of scrolled) it.scrollTo(...(places.get(name) ?? [0, 0]));
  };
  if (live !== undefined) {
    try {
      const state = JSON.parse(sessionStorage.getItem(key) ?? 'null');
      document.body.dataset.loads = (state?.loads ?? 0) + 1;
      if (state) restore(state);
    } catch { /* as above */ }
    const load = () => { save(); location.reload(); };
    // A reader at work is not interrupted: news wait for the next look, and a button says so.
    let isDown = false;
    for (const kind of ['pointerdown', 'pointerup', 'pointercancel']) {
      document.addEventListener(kind, () => { isDown = kind === 'pointerdown'; }, true);
    }
    const isBusy = () => isDown || document.hidden || !getSelection().isCollapsed
      || document.activeElement?.matches(':focus-visible');
    const news = document.createElement('button');
    Object.assign(news, { id: 'news', type: 'button', textContent: 'Show the news of the search', hidden: true, onclick: load });
    // The filter keeps its focus, and has it again on the later page.
    news.addEventListener('mousedown', (event) => event.preventDefault());
    document.body.append(news);
    const look = async () => {
      try {
        const answer = await fetch(live, { cache: 'no-store' });
        const isNew = answer.ok && (await answer.text()) !== version;
        if (isNew && !isBusy()) { load(); return; }
        news.hidden = !isNew;
      } catch { /* the server is gone; the page stays as it is */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }
})();
