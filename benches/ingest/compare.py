"""Ingests one large extract with mesur, DuckDB and Polars, copies it with DataFusion, and compares time and memory.

compare.py --mesur BINARY [--rows 10] [--tools mesur,duckdb,polars,datafusion] [--repeat 3] [--cold] [--scratch DIR] [--keep]

`--rows` are millions; several, such as 1,3,10, show how the cost of mesur grows. Every tool runs on two processors and two
threads, in turn, `--repeat` times; medians count. Wall time is of the whole process, start included. Before each run all
pending writes are flushed; the extract is in the page cache, or with `--cold` (as root) dropped from it.

Fails when the tools do not agree on accepted, refused and repaired rows (repaired ones only where the order is kept), or on
how many rows a rule refused.
"""

import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
EXTRACT = "diagnostic_scores__c1__20201231__001.csv"
COMPONENTS = HERE / "project/inbox/component_lookup__wg__20201231__001.csv"
# A second finding about a cell that has one already: whether it is told depends on the tool, its row is refused anyway.
FOLLOW_ON = {"X302 applicable"}
TWO_THREADS = {"POLARS_MAX_THREADS": "2", "MESUR_ENGINE__THREADS": "2", "OMP_NUM_THREADS": "2", "NO_COLOR": "1"}


class Run:
    """One measured process."""

    def __init__(self, command, env=None):
        os.sync()
        began = time.monotonic()
        child = subprocess.Popen(
            [str(part) for part in command], env=os.environ | TWO_THREADS | (env or {}), stdout=subprocess.PIPE, text=True
        )
        self.output = child.stdout.read()
        # Not `child.wait()`: only wait4 tells what this child took, whatever ran before it.
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024
        if child.returncode != 0:
            sys.exit(f"failed with exit code {child.returncode}: {' '.join(map(str, command))}\n{self.output}")


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Script:
    """A script beside this file that prints its totals as JSON."""

    def __init__(self, name, script, *options, even=False):
        self.name, self.script, self.options, self.even = name, script, options, even

    def run(self, data, out):
        components = [] if self.even else [COMPONENTS]
        extract = data / ("even" if self.even else "uneven") / EXTRACT
        run = Run([sys.executable, HERE / self.script, extract, *components, out, *self.options])
        run.totals = json.loads(run.output)
        run.stored = size_of(out)
        return run


class Mesur:
    """The whole of `mesur ingest`, into a project that holds the components and nothing else."""

    name = "mesur"
    even = False

    def __init__(self, binary):
        self.binary = binary

    def run(self, data, out):
        project = out / "project"
        shutil.copytree(HERE / "project", project)
        for folder in ("queries/staging", "queries/indicators", "queries/checks", "jobs", "schemas/layouts"):
            (project / folder).mkdir(parents=True, exist_ok=True)
        ingest = [self.binary, "--project", project, "ingest"]
        Run(ingest)
        os.link(data / "uneven" / EXTRACT, project / "inbox" / EXTRACT)
        run = Run(ingest)
        run.totals = self.totals(project)
        run.stored = size_of(project / "var/lake") + size_of(project / "var/restricted")
        return run

    @staticmethod
    def totals(project):
        ledger = sqlite3.connect(f"file:{project / 'var/ledger/ledger.sqlite'}?mode=ro", uri=True)
        row = ledger.execute(
            "select rows_in, accepted, quarantined, repaired from extracts where dataset = 'diagnostic_scores'"
        ).fetchone()
        ledger.close()
        rules = {}
        for file in (project / "var/restricted/quarantine").glob("*.ndjson"):
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    for finding in json.loads(line).get("findings", []):
                        rule = f"{finding['rule']} {finding['place'].get('column') or ''}".strip()
                        rules[rule] = rules.get(rule, 0) + 1
        return dict(zip(("rows", "accepted", "refused", "repaired"), row)) | {"rules": rules}


def tools_of(names, binary):
    every = {
        "mesur": lambda: [Mesur(binary)],
        "duckdb": lambda: [
            Script(f"DuckDB, types {types}, order {order}", "duckdb_ingest.py", "--types", types, "--order", order)
            for types in ("text", "native")
            for order in ("kept", "free")
        ],
        "polars": lambda: [
            Script(f"Polars, {scans}", "polars_ingest.py", "--scans", scans.split()[0]) for scans in ("one scan", "two scans")
        ],
        "datafusion": lambda: [Script("DataFusion, bare copy", "datafusion_copy.py", even=True)],
    }
    unknown = [name for name in names if name not in every]
    if unknown:
        sys.exit(f"unknown tool {', '.join(unknown)}: known are {', '.join(every)}")
    return [tool for name in names for tool in every[name]()]


def disagreements(name, totals, expected):
    """What a tool found otherwise than was planted."""
    if "accepted" not in totals:
        return [] if totals["rows"] == expected["rows"] else [f"{name} copied {totals['rows']} rows"]
    # Where any row of a double may stand, it is not always the one that was repaired.
    counts = ("rows", "accepted", "refused") if "order free" in name else ("rows", "accepted", "refused", "repaired")
    found = [f"{name}: {totals[key]} rows {key}, planted {expected[key]}" for key in counts if totals[key] != expected[key]]
    have, want = dict(totals["rules"]), dict(expected["rules"])
    if name.startswith("Polars"):
        # Its reader fills up a line that is cut off, so such a line lacks `applicable` instead of cells.
        for rules in (have, want):
            rules["V010"] = rules.pop("V012 applicable", 0) + rules.get("V010", 0)
    elif name == "mesur":
        # A line that is cut off lacks cells, and they are told as missing too.
        for rules in (have, want):
            rules.pop("V012 applicable", None)
    for rule, count in want.items():
        refuses = not rule.startswith(("V04", "X305"))
        if refuses and rule not in FOLLOW_ON and have.get(rule, 0) != count:
            found.append(f"{name}: {rule} fails {have.get(rule, 0)} times, planted {count}")
    return found


def drop_caches():
    os.sync()
    pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n", encoding="ascii")


def read_through(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def measure(millions, tools, chosen, scratch):
    """All runs at one size: name to runs."""
    data = scratch / "data"
    for folder, flags in (("uneven", []), ("even", ["--even"])):
        if any(tool.even == (folder == "even") for tool in tools):
            subprocess.run(
                [sys.executable, HERE / "generate.py", str(millions * 1_000_000), data / folder, *flags], check=True
            )
    runs, wrong = {tool.name: [] for tool in tools}, []
    for turn in range(chosen.repeat):
        for tool in tools:
            extract = data / ("even" if tool.even else "uneven")
            out = scratch / "out"
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            drop_caches() if chosen.cold else read_through(extract / EXTRACT)
            run = tool.run(data, out)
            runs[tool.name].append(run)
            if turn == 0:
                wrong += disagreements(tool.name, run.totals, json.loads((extract / "expected.json").read_text()))
            print(f"  {tool.name}: {run.seconds:.2f} s, {run.cpu:.1f} s of processor, {run.peak_mib:.0f} MiB", flush=True)
    runs["bytes"] = (data / ("even" if all(tool.even for tool in tools) else "uneven") / EXTRACT).stat().st_size
    if not chosen.keep:
        shutil.rmtree(scratch)
    if wrong:
        sys.exit("the tools do not agree:\n" + "\n".join(wrong))
    return runs


def median(runs, key):
    return statistics.median(getattr(run, key) for run in runs)


def print_comparison(runs):
    named = {name: of for name, of in runs.items() if name != "bytes"}
    base = min((median(of, "seconds") for name, of in named.items() if name.startswith("DuckDB")), default=None)
    print("\n| | wall time, ratio to DuckDB | slowest to fastest run | processor time, s | peak memory, MiB | stored, MB |")
    print("|---|---|---|---|---|---|")
    for name, of in named.items():
        seconds = [run.seconds for run in of]
        ratio = f"{median(of, 'seconds') / base:.2f}" if base else f"{median(of, 'seconds'):.2f} s"
        print(
            f"| {name} | {ratio} | {max(seconds) / min(seconds):.2f} | {median(of, 'cpu'):.1f} "
            f"| {median(of, 'peak_mib'):.0f} | {of[-1].stored / 1e6:.0f} |"
        )
    if base:
        print(f"\n1.00 is {base:.2f} s. All tools agree on accepted, refused and repaired rows and on the rules.")


def print_growth(sizes):
    print("\n| million rows | extract, MB | wall time a million rows, ratio to the first | peak memory, MiB |")
    print("|---|---|---|---|")
    first = None
    for millions, runs in sizes.items():
        each = median(runs["mesur"], "seconds") / millions
        first = first or each
        print(f"| {millions} | {runs['bytes'] / 1e6:.0f} | {each / first:.2f} | {median(runs['mesur'], 'peak_mib'):.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mesur", type=pathlib.Path)
    parser.add_argument("--rows", default="10")
    parser.add_argument("--tools")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "mesur-bench-ingest")
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.rows.split(",")]
    names = (chosen.tools or ("mesur" if len(sizes) > 1 else "mesur,duckdb,polars,datafusion")).split(",")
    if "mesur" in names and not (chosen.mesur and chosen.mesur.is_file()):
        parser.error("--mesur BINARY is missing")
    processors = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, processors)
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"note: the load is {load:.1f}: others are at work, and ratios of wall time mean little")
    results = {}
    for millions in sizes:
        print(f"{millions} million rows", flush=True)
        results[millions] = measure(millions, tools_of(names, chosen.mesur), chosen, chosen.scratch)
    if len(sizes) > 1:
        print_growth(results)
    else:
        print_comparison(results[sizes[0]])


if __name__ == "__main__":
    main()
