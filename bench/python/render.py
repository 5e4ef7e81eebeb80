#!/usr/bin/python3
"""render.py MODEL OUT [--fast]: the script that somebody writes in an afternoon instead: PyYAML, jsonschema,
ipaddress and Jinja2 over the templates beside it. --fast takes PyYAML's C loader."""

import ipaddress
import json
import os
import sys
import tempfile

import jinja2
import jsonschema
import yaml

here = os.path.dirname(os.path.abspath(__file__))
model_file, out = sys.argv[1:3]
loader = yaml.CSafeLoader if "--fast" in sys.argv else yaml.SafeLoader

with open(model_file) as file:
    model = yaml.load(file, Loader=loader)
with open(f"{here}/schema.json") as file:
    schema = json.load(file)

errors = list(jsonschema.Draft202012Validator(schema).iter_errors(model))
networks = {network["name"]: ipaddress.ip_network(network["cidr"]) for network in model["networks"]}
seen = set()
for node in model["nodes"]:
    address = ipaddress.ip_address(node["ip"])
    if node["network"] not in networks:
        errors.append(f"{node['name']}: unknown network")
    elif address not in networks[node["network"]]:
        errors.append(f"{node['name']}: {address} not in {networks[node['network']]}")
    for key in ("name", "ip", "mac"):
        if (key, node[key]) in seen:
            errors.append(f"duplicate {key} {node[key]}")
        seen.add((key, node[key]))
if errors:
    print(*errors, sep="\n", file=sys.stderr)
    sys.exit(1)

environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(f"{here}/templates"),
    trim_blocks=True,
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
)


def write(path, template, **variables):
    target = os.path.join(out, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    text = environment.get_template(template).render(**model, **variables)
    descriptor, staged = tempfile.mkstemp(dir=os.path.dirname(target))
    os.write(descriptor, text.encode())
    os.close(descriptor)
    os.replace(staged, target)


write("inventory/hosts.ini", "hosts.ini.j2")
write("haproxy/haproxy.cfg", "haproxy.cfg.j2")
write("keepalived/lb1.conf", "keepalived.conf.j2", lb=model["nodes"][0], prio=1)
write("keepalived/lb2.conf", "keepalived.conf.j2", lb=model["nodes"][1], prio=0)
for network in model["networks"]:
    write(network["name"] + "/main.tf", "main.tf.j2", net=network)
write("nftables/nftables.conf", "nftables.conf.j2")
