"""Writes the page and the picture of the bench: `table.py FOLDER PAGE PICTURE MACHINE`.

A replay sees one repeat of a table. The truth of a candidate is its mean score on the folds of the other repeats, and its regret
is how much worse that is than the best candidate's. Regrets are in hundredths of the distance from the best to the median
candidate, so that data sets can be compared.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

DATA = ["Digits", "BreastCancer", "Diabetes", "FashionMnist"]
ROWS = {"Digits": 1797, "BreastCancer": 569, "Diabetes": 442, "FashionMnist": 3000}
SHARES = [0.025, 0.05, 0.1, 0.2, 0.4]
WHOLE = ["Grid.exact()", "Race"]
PEERS = ("Optuna", "scikit-learn", "1 epoch", "3 epochs")
COLORS = {
    "Random": "#888888", "Sobol": "#b07aa1", "Tpe": "#76b7b2", "Auto": "#1f4e79", "Auto, fold by fold": "#d62728", "Race": "#4e79a7",
    "SuccessiveHalving": "#ff9da7", "SuccessiveHalving of 64 from 6 epochs": "#e15759", "Hyperband": "#f28e2b", "Asha": "#d37295", "Optuna TPE": "#59a14f",
    "Optuna GP": "#8cd17d", "Optuna TPE, Hyperband": "#b6992d", "scikit-learn halving": "#9c755f",
    "3 epochs, then the best 5": "#000000", "Pruning, median": "#edc948", "Optuna TPE, median": "#bab0ac",
}


class Table:
    def __init__(self, folder, name):
        lines = (folder / f"{name}.table.csv").read_text().splitlines()
        width = lines[0].split(",").index("fold") + 1
        rows = [line.split(",") for line in lines[1:]]
        candidates, repeats, folds = (1 + max(int(row[at]) for row in rows) for at in (0, width - 2, width - 1))
        scores = np.array([row[width:] for row in rows], float)
        self.scores = scores.reshape(repeats, candidates, folds, -1)[..., -1]
        self.epochs = scores.shape[1]
        self.grid = candidates * folds * self.epochs
        self.repeats, self.candidates, self.folds = repeats, candidates, folds
        self.known = {}

    def truth(self, without):
        """The mean scores on the folds of the other repeats. Lower is better."""
        others = [repeat for repeat in range(self.repeats) if repeat not in without]
        return self.scores[others].mean((0, 2))

    def regrets(self, without):
        key = tuple(without)
        if key not in self.known:
            truth = self.truth(without)
            self.known[key] = 100 * (truth - truth.min()) / (np.median(truth) - truth.min())
        return self.known[key]

    def winner(self, repeat):
        return int(self.scores[repeat].mean(1).argmin())


def read(folder):
    courses = defaultdict(lambda: defaultdict(list))
    for file in [folder / "ours.tsv", *sorted(folder.glob("peer.*.tsv"))]:
        for line in file.read_text().splitlines():
            name, rule, seed, spent, best = line.split("\t")
            if best:
                courses[name, rule][int(seed)].append((int(spent), [int(at) for at in best.split()]))
    return courses


def quartiles(values):
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"


def at_share(table, of_seed, share):
    """The regret of each seed once a share of the grid's epochs is spent; none where too few seeds have chosen by then."""
    regrets = []
    for seed, course in of_seed.items():
        chosen = [best for spent, best in course if spent <= share * table.grid * 1.005]
        if chosen:
            regrets.append(table.regrets([seed % table.repeats])[chosen[-1][0]])
    return regrets if len(regrets) == len(of_seed) else None


def spent(table, of_seed):
    return np.array([course[-1][0] for course in of_seed.values()]) / table.grid * 100


def picture(tables, courses, rules, path):
    width, height, left, top, columns = 440, 270, 55, 60, 2
    shares = np.geomspace(0.005, 1, 60)
    parts = []
    for panel, name in enumerate(DATA):
        table = tables[name]
        x0, y0 = left + (panel % columns) * (width + 60), top + (panel // columns) * (height + 70)
        across = lambda share: x0 + width * np.log(share / shares[0]) / np.log(shares[-1] / shares[0])
        down = lambda regret: y0 + height * (1 - np.log10(1 + min(regret, 300)) / np.log10(301))
        parts.append(f'<text x="{x0}" y="{y0 - 10}" font-weight="bold">{name}</text>')
        parts.append(f'<rect x="{x0}" y="{y0}" width="{width}" height="{height}" fill="none" stroke="#999"/>')
        for share in (0.01, 0.1, 1):
            parts.append(f'<text x="{across(share):.0f}" y="{y0 + height + 16}" text-anchor="middle">{share:.0%}</text>')
        for regret in (0, 3, 10, 30, 100, 300):
            parts.append(f'<text x="{x0 - 6}" y="{down(regret) + 4:.0f}" text-anchor="end">{regret}</text>')
            parts.append(f'<line x1="{x0}" x2="{x0 + width}" y1="{down(regret):.1f}" y2="{down(regret):.1f}" stroke="#eee"/>')
        for rule in rules:
            if rule not in COLORS:
                continue
            points = []
            for share in shares:
                regrets = at_share(table, courses[name, rule], share)
                if regrets:
                    points.append(f"{across(share):.1f},{down(np.median(regrets)):.1f}")
            dash = ' stroke-dasharray="5 3"' if rule.startswith(PEERS) else ""
            parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{COLORS[rule]}" stroke-width="1.6"{dash}/>')
    shown = [rule for rule in rules if rule in COLORS]
    for at, rule in enumerate(shown):
        x, y = left + at % 3 * 330, top + 2 * (height + 70) + 10 + at // 3 * 20
        dash = ' stroke-dasharray="5 3"' if rule.startswith(PEERS) else ""
        parts.append(f'<line x1="{x}" x2="{x + 24}" y1="{y - 4}" y2="{y - 4}" stroke="{COLORS[rule]}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{x + 30}" y="{y}">{rule}</text>')
    full = (2 * (width + 60) + left, top + 2 * (height + 70) + 10 + (len(shown) + 2) // 3 * 20)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full[0]} {full[1]}" font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="white"/>'
        '<text x="55" y="18">Median regret (0: the best candidate, 100: the median one) by the share of the grid\'s epochs</text>'
        + "".join(parts) + "</svg>\n")


def whole(tables, courses):
    """What is left out of the whole grid, and how often its winner stays."""
    lines = ["| rule | " + " | ".join(DATA) + " |", "|---|" + "---|" * len(DATA)]
    of_winner = [[tables[name].regrets([seed % 3])[tables[name].winner(seed % 3)] for seed in range(3)] for name in DATA]
    lines.append("| regret of the full grid's winner | " + " | ".join(quartiles(of) for of in of_winner) + " |")
    for rule in [*WHOLE, "SuccessiveHalving", "SuccessiveHalving, factor 3", "Hyperband", "Asha", "Pruning, median"]:
        cells = []
        for name in DATA:
            table, of_seed = tables[name], courses[name, rule]
            kept = [course[-1][1][0] == table.winner(seed % table.repeats) for seed, course in of_seed.items()]
            cells.append(f"{np.median(spent(table, of_seed)):.0f} % ({100 * np.mean(kept):.0f})")
        lines.append(f"| {rule} | " + " | ".join(cells) + " |")
    return lines


def fresh(tables, courses, share=0.2):
    """The best of the first five on a repeat of its own, and the truth by the last one."""
    lines = ["| candidates by | " + " | ".join(DATA) + " |", "|---|" + "---|" * len(DATA)]
    for rule in ["Random", "Sobol", "Gp", "Tpe", "Optuna TPE"]:
        cells = []
        for name in DATA:
            table, first, again = tables[name], [], []
            for seed, course in courses[name, rule].items():
                best = [best for spent, best in course if spent <= share * table.grid * 1.005][-1]
                seen = seed % table.repeats
                anew = (seen + 1) % table.repeats
                regrets = table.regrets([seen, anew])
                first.append(regrets[best[0]])
                again.append(regrets[min(best, key=lambda at: table.scores[anew, at].mean())])
            cells.append(f"{np.mean(first):.1f} / {np.mean(again):.1f}")
        lines.append(f"| {rule} | " + " | ".join(cells) + " |")
    return lines


def medians(tables, courses, rules, share):
    """The median regret of each rule on each data set once a share of the grid's epochs is spent."""
    found = {(rule, name): at_share(tables[name], courses[name, rule], share) for rule in rules for name in DATA}
    return {key: float(np.median(regrets)) for key, regrets in found.items() if regrets}


def goal(tables, courses, rules):
    """Both halves of the goal: the least regret at every budget, and the best peer's regret for half of its epochs."""
    peers = [rule for rule in rules if rule.startswith(PEERS)]
    ours = [rule for rule in rules if rule not in peers]
    by_share = {share: medians(tables, courses, rules, share) for share in SHARES}
    lines = ["| rule | " + " | ".join(DATA) + " | data sets with all |", "|---|" + "---|" * (len(DATA) + 1)]
    for rule in ours:
        cells, wins = [], 0
        for name in DATA:
            least = [min((of[it, name] for it in peers if (it, name) in of), default=np.inf) for of in by_share.values()]
            own = [of.get((rule, name), np.inf) for of in by_share.values()]
            count = sum(bool(np.isfinite(mine) and mine <= other + 1e-9) for mine, other in zip(own, least))
            wins += count == len(SHARES)
            cells.append(f"{count} of {len(SHARES)}")
        lines.append(f"| {rule} | " + " | ".join(cells) + f" | {wins} |")
    # The best that any peer reaches, and the first share at which it does.
    grid = [share for share in np.geomspace(0.005, 1, 160)]
    fine = {share: medians(tables, courses, rules, share) for share in grid}
    reached = lambda rule, name, regret: next(
        (share for share in grid if fine[share].get((rule, name), np.inf) <= regret + 1e-9), None)
    half = ["| data set | best peer | its regret | its epochs | ours that need at most half as many | `Auto` |", "|---|---|---|---|---|---|"]
    for name in DATA:
        ends = {rule: min(of[rule, name] for of in fine.values() if (rule, name) in of) for rule in peers}
        regret = min(ends.values())
        share, peer = min((reached(rule, name, regret), rule) for rule in peers if ends[rule] <= regret + 1e-9)
        own = {rule: reached(rule, name, regret) for rule in ours}
        fast = sorted((at, rule) for rule, at in own.items() if at is not None and at <= share / 2)
        text = ", ".join(f"{rule} ({at:.1%})" for at, rule in fast) or "none"
        auto = f"{own['Auto']:.1%}" if own.get("Auto") else "never"
        half.append(f"| {name} | {peer} | {regret:.1f} | {share:.1%} | {text} | {auto} |")
    return lines, half


def main():
    folder, page, drawing, machine = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    tables = {name: Table(folder, name) for name in DATA}
    courses = read(folder)
    rules = list(dict.fromkeys(rule for _, rule in courses))
    ours = [rule for rule in rules if not rule.startswith(PEERS)]
    rules = ours + [rule for rule in rules if rule not in ours]
    picture(tables, courses, rules, drawing)
    any_table = tables[DATA[0]]
    out = [
        "# What strategies are worth",
        "",
        f"`benches/strategies/run` makes full tables of four data sets with our engine: {any_table.candidates} candidates (hidden layer of 8, 16 "
        f"or 32, ReLU or tanh, dropout 0, 0.2 or 0.4, six learning rates from 3e-4 to 0.1, batches of 16 or 64) x "
        f"{any_table.folds} folds x {any_table.repeats} repeats, each with folds and draws of its own, scored after each of "
        f"{any_table.epochs} epochs. Then each rule chooses from the same tables: ours through `Strategy::propose`, Optuna 5.0.0 and "
        "scikit-learn 1.9.1 through their own interfaces, \"i epochs, then the best 5\" (Egele et al. 2024) by hand. "
        "Digits, diabetes and breast cancer are scikit-learn's; Fashion-MNIST is the first 3,000 rows at 14 x 14 pixels. "
        "The score is the log loss, of diabetes the root mean squared error.",
        "",
        "A replay sees one repeat, with its folds in an order of its seed. 31 seeds (Optuna's GP ends at a tenth of the "
        "grid, since a trial takes it part of a second). The *regret* of a choice is by the other two repeats, which no rule sees: 0 is "
        "the best candidate there, 100 the median one. Every table has the median, and the quartiles in brackets. Epochs that a "
        "rule trains again, as scikit-learn's halving does, count again; those that it goes on from do not.",
        "",
        f"Measured on {machine}. Generated by `benches/strategies/table.py`.",
        "",
        *Path(__file__).with_name("findings.md").read_text().splitlines(),
        "",
        "![Median regret by epochs spent](strategy-bench.svg)",
        "",
        "## Whole grids: the share of the epochs, and in brackets how often the full grid's winner is kept (%)",
        "",
        *whole(tables, courses),
        "",
        "## Regret by the share of the grid's epochs that are spent",
        "",
        "A rule that has ended keeps its choice. Of one that is under way, it is the choice if it ended there. The last column "
        "is the share at which it ends.",
        "",
    ]
    for name in DATA:
        table = tables[name]
        out += [f"### {name}, {ROWS[name]} rows", "",
                "| rule | " + " | ".join(f"{share:.1%}" for share in SHARES) + " | ends at |", "|---|" + "---|" * (len(SHARES) + 1)]
        columns = {rule: [at_share(table, courses[name, rule], share) for share in SHARES] for rule in rules}
        least = [min((np.median(columns[rule][at]) for rule in rules if columns[rule][at]), default=None) for at in range(len(SHARES))]
        for rule in rules:
            cells = []
            for at, regrets in enumerate(columns[rule]):
                text = quartiles(regrets) if regrets else ""
                cells.append(f"**{text}**" if regrets and np.median(regrets) <= least[at] + 1e-9 else text)
            out.append(f"| {rule} | " + " | ".join(cells) + f" | {np.median(spent(table, courses[name, rule])):.0f} % |")
        out.append("")
    least, half = goal(tables, courses, rules)
    out += [
        "## The goal",
        "",
        "First half: the least regret at every budget on three data sets of four. The table counts the budgets of "
        f"{', '.join(f'{share:.1%}' for share in SHARES)} at which the median regret of a rule of ours is no larger than that of any "
        "peer.",
        "",
        *least,
        "",
        "Second half: the best peer's score for half of its epochs. The best peer has the least median regret of all peers at "
        "any time, and its epochs are the share of the grid at which it first has it.",
        "",
        *half,
        "",
        "## The first five on a fresh repeat",
        "",
        "The mean regret after a fifth of the grid's epochs, of the best candidate / of the best of the first five on one fresh "
        "repeat, as `FreshRepeats` chooses, by the one repeat that neither has seen. That costs "
        f"{5 * any_table.folds * any_table.epochs / any_table.grid:.1%} of the grid's epochs more.",
        "",
        *fresh(tables, courses),
    ]
    page.write_text("\n".join(out) + "\n")
    print("\n".join(["The goal, first half:", *least, "The goal, second half:", *half]))
    for name in DATA:
        for at, share in enumerate(SHARES):
            table = tables[name]
            medians = {rule: np.median(found) for rule in rules if (found := at_share(table, courses[name, rule], share))}
            best = sorted(medians, key=medians.get)[:3]
            print(name, share, [(rule, round(float(medians[rule]), 1)) for rule in best])


main()
