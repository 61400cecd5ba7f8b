"""How fast the page is, beside plain pyvis, in one run on this machine.

    python benchmarks/page.py [--sizes 1000,5000,20000] [--plain 1000]

Prints a Markdown table. Reading, layout and writing run on one core: theirs is processor time, which
other programs change little; first draw and panning are what a reader waits for. Needs Playwright and
Debian's Chromium. Plain pyvis gets the same nodes and edges, without the network (its CDN requests are
refused at once), and at most `--patience` seconds to settle.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from playwright.sync_api import Error, sync_playwright  # noqa: E402

from kg.page import triples  # noqa: E402
from kg.page.model import page_graph  # noqa: E402
from kg.page.places import place  # noqa: E402
from kg.page.vocabulary import Vocabulary  # noqa: E402
from kg.page.write import PageNetwork, blocks  # noqa: E402
from tests.page_graphs import write_build  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-precise-memory-info"]
ARGUMENTS += ["--js-flags=--expose-gc"]
PAN = """async (network) => {
  const at = network.getViewPosition();
  let frames = 0;
  network.on("afterDrawing", () => frames++);
  const begin = performance.now();
  while (performance.now() - begin < 2000) {
    const t = (performance.now() - begin) / 1000;
    network.moveTo({ position: { x: at.x + 120 * Math.sin(3 * t), y: at.y + 80 * Math.cos(3 * t) } });
    await new Promise(requestAnimationFrame);
  }
  return frames / ((performance.now() - begin) / 1000);
}"""


def measure_page(chromium: Any, file: Path) -> dict[str, float]:
    """Give first draw (s), panning (frames/s), heap (MB), and requests of a page of ours."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    first = time.perf_counter() - begin
    page.evaluate("() => globalThis.gc && gc()")
    heap = page.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
    frames = page.evaluate(f"() => ({PAN})(kgPage.network())")
    page.close()
    return {
        "first draw": first,
        "pan": frames,
        "heap": heap,
        "requests": sum(not u.startswith(("file:", "data:")) for u in asked),
    }


def measure_plain(chromium: Any, file: Path, patience: float) -> dict[str, float]:
    """Give the same of a page that plain pyvis wrote; `inf` where it did not settle in time."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    page.route("http*://**", lambda route: (asked.append(route.request.url), route.abort()))
    page.set_default_timeout(patience * 1000)
    begin = time.perf_counter()
    result = {"first draw": float("inf"), "pan": 0.0, "heap": float("nan"), "requests": 0.0}
    try:
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_function(
            "() => typeof network !== 'undefined' && network && network.physics.ready", timeout=patience * 1000
        )
        result["first draw"] = time.perf_counter() - begin
        result["heap"] = page.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
        result["pan"] = page.evaluate(f"() => ({PAN})(network)")
    except Error:
        pass
    result["requests"] = len(asked)
    page.close()
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--plain", default="1000")
    parser.add_argument("--patience", type=float, default=150)
    arguments = parser.parse_args()
    chromium_path = shutil.which("chromium")
    plain_sizes = {int(n) for n in arguments.plain.split(",") if n}
    print(
        "| | nodes | read, s | layout, s | write, s | file, MB | first draw, s | panning, fps | heap, MB | requests |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        for count in (int(n) for n in arguments.sizes.split(",")):
            build = write_build(Path(folder) / str(count), count)
            begin = time.process_time()
            with triples.uncollected():
                vocabulary = Vocabulary()
                graph = page_graph(triples.read(build), vocabulary)
            read = time.process_time() - begin
            begin = time.process_time()
            places = place(graph)
            laid_out = time.process_time() - begin
            out = Path(folder) / f"{count}.html"
            begin = time.process_time()
            PageNetwork("x", blocks(("x", "x"), graph, vocabulary, [], places)).write_html(str(out))
            written = time.process_time() - begin
            row("kg", count, read, laid_out, written, out, measure_page(chromium, out))
            if count in plain_sizes:
                from pyvis.network import Network

                plain = Network(directed=True, cdn_resources="in_line")
                begin = time.process_time()
                for i, node in enumerate(graph.nodes):
                    plain.add_node(i, label=node.label, title=node.label)
                for edge in graph.edges:
                    plain.add_edge(edge.source, edge.target, title=edge.predicate)
                out = Path(folder) / f"plain-{count}.html"
                out.write_text(plain.generate_html(), encoding="utf-8")
                written = time.process_time() - begin
                row("pyvis", count, 0, 0, written, out, measure_plain(chromium, out, arguments.patience))
        chromium.close()


def row(what: str, count: int, read: float, laid_out: float, written: float, out: Path, seen: dict[str, float]) -> None:
    """Print one line of the table."""
    print(
        f"| {what} | {count:,} | {read:.1f} | {laid_out:.1f} | {written:.2f} | {out.stat().st_size / 1e6:.2f} "
        f"| {seen['first draw']:.2f} "
        f"| {seen['pan']:.0f} | {seen['heap']:.0f} | {seen['requests']:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
