// A range of heights on an axis as values, and back: a later page has other numbers at the same heights.
const { valuesOf, heightsOf } = (() => {
  'use strict';
  // A place beyond all numbers has no number, so that what comes to lie still further is in the range as well.
  const valueAt = ({ low, high, log, bottom, top }, y) => {
    const part = (bottom - y) / (bottom - top);
    if (part <= 0 || part >= 1) return null;
    return log ? low * (high / low) ** part : low + (high - low) * part;
  };
  const heightAt = ({ low, high, log, bottom, top }, value) => {
    const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return bottom - Math.min(1, Math.max(0, part)) * (bottom - top);
  };
  const valuesOf = (scale, [upper, lower]) => {
    const isIn = (y) => y !== null && y >= upper && y <= lower;
    const none = isIn(scale.none);
    if (scale.levels) return { none, levels: scale.levels.filter(([, y]) => isIn(y)).map(([level]) => level) };
    return { none, numbers: upper < scale.bottom && [valueAt(scale, lower), valueAt(scale, upper)] };
  };
  const heightsOf = (scale, { none, levels, numbers }) => {
    const ends = none && scale.none !== null ? [scale.none - 6, scale.none + 6] : [];
    if (scale.levels) {
      for (const [level, y] of scale.levels) if (levels?.includes(level)) ends.push(y - 6, y + 6);
    } else if (numbers) {
      const [least, most] = numbers;
      ends.push(least === null ? scale.bottom + (scale.none === null ? 6 : 0) : heightAt(scale, least));
      ends.push(most === null ? scale.top - 6 : heightAt(scale, most));
    }
    return ends.length ? [Math.min(...ends), Math.max(...ends)] : null;
  };
  return { valuesOf, heightsOf };
})();
