"""Reads a tree with parsers that are not ours: PyYAML, which Ansible and cloud-init use, and expat. Prints JSON."""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import yaml


class Reader(yaml.SafeLoader):
    """Ansible's one tag."""


Reader.add_constructor("!unsafe", lambda loader, node: {"unsafe": loader.construct_scalar(node)})


SVG = "{http://www.w3.org/2000/svg}"


def said(element):
    """A text that is cut has all of it as a tooltip."""
    title = element.find(SVG + "title")
    return "".join((element if title is None else title).itertext())


def picture(path):
    root = ElementTree.parse(path).getroot()
    return {
        "elements": sorted({element.tag for element in root.iter()}),
        "texts": [said(element) for element in root.iter(SVG + "text")],
        "description": root.findtext(SVG + "desc"),
    }


root = pathlib.Path(sys.argv[1])
read = {}
for path in sorted(p for p in root.rglob("*") if p.is_file()):
    if path.suffix in (".yml", ".yaml") or path.name == "network-config":
        read[str(path.relative_to(root))] = yaml.load(path.read_text(), Reader)
    elif path.suffix == ".svg":
        read[path.name] = picture(path)
print(json.dumps(read, default=str))
