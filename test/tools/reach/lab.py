"""Makes the machines of a lab as network namespaces and has them try to reach each other, all in one process: a socket
stays in the namespace that it was made in, wherever its process goes (setns(2), network_namespaces(7)).

usage: lab.py PLAN.json; prints in JSON what came of each machine's tries
"""

import ctypes
import errno
import json
import os
import resource
import selectors
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
IP_PKTINFO = 8

libc = ctypes.CDLL(None, use_errno=True)
around = os.open("/proc/self/ns/net", os.O_RDONLY)
selector = selectors.DefaultSelector()


def enter(name):
    """Goes into a machine; the namespace around all of them has no name."""
    space = around if name == "" else os.open(f"/run/netns/{name}", os.O_RDONLY)
    if libc.setns(space, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), f"setns: {name}")
    if space != around:
        os.close(space)


def run(command, lines, check=True):
    if lines:
        text = "\n".join(lines) + "\n"
        done = subprocess.run(command.split(), input=text, text=True, capture_output=True)
        if check and done.returncode != 0:
            sys.exit(f"{command}: {done.stderr}")


def set_sysctls(values):
    for name, value in values.items():
        # As in sysctl(8): `net.ipv4.conf.br0/10.forwarding` is that of br0.10.
        with open("/proc/sys/" + name.translate(str.maketrans("./", "/.")), "w") as file:
            file.write(value)


def build(machines):
    run("ip -batch -", [f"netns add {name}" for name in machines if name])
    for name, plan in machines.items():
        enter(name)
        set_sysctls(plan["before"])
    for name, plan in machines.items():
        enter(name)
        run("ip -batch -", plan["wires"])
    for name, plan in machines.items():
        enter(name)
        run("ip -batch -", plan["own"])
        # A route that the kernel does not take is not there, as on a real machine.
        run("ip -force -batch -", plan["routes"], check=False)
        set_sysctls(plan["after"])
        run("nft -f -", plan["rules"])


def open_socket(kind, protocol=0):
    opened = socket.socket(socket.AF_INET, kind, protocol)
    opened.setblocking(False)
    return opened


def serve(name, ports):
    """Tells everybody who asks whom he has reached, and the address that is seen of him."""

    def accept(listening):
        caller, (address, _) = listening.accept()
        with caller:
            caller.send(f"{name} {address}".encode())

    def answer(bound):
        _, [(_, _, info)], _, asker = bound.recvmsg(64, 64)
        # From the address that was asked (ip(7), IP_PKTINFO).
        source = (socket.IPPROTO_IP, IP_PKTINFO, struct.pack("i4s4x", 0, info[8:12]))
        bound.sendmsg([f"{name} {asker[0]}".encode()], [source], 0, asker)

    for port in ports["tcp"]:
        listening = open_socket(socket.SOCK_STREAM)
        listening.bind(("0.0.0.0", port))
        listening.listen(1024)
        selector.register(listening, selectors.EVENT_READ, accept)
    for port in ports["udp"]:
        bound = open_socket(socket.SOCK_DGRAM)
        bound.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        bound.bind(("0.0.0.0", port))
        selector.register(bound, selectors.EVENT_READ, answer)


ECHO_REQUEST = struct.pack("!BBHHH", 8, 0, 0, 0, 1)


class Try:
    """A connection or a ping; nothing has come of it until something does."""

    def __init__(self, machine, said):
        self.machine, self.protocol = machine, said["protocol"]
        self.own, self.other = (said.get("as", "0.0.0.0"), 0), (said["to"], said.get("port", 0))
        self.result = "silence"

    def begin(self):
        kinds = {"tcp": (socket.SOCK_STREAM, 0), "udp": (socket.SOCK_DGRAM, 0)}
        self.socket = open_socket(*kinds.get(self.protocol, (socket.SOCK_DGRAM, socket.IPPROTO_ICMP)))
        selector.register(self.socket, selectors.EVENT_READ, self.read)
        try:
            self.socket.bind(self.own)
            code = self.socket.connect_ex(self.other)
            if code not in (0, errno.EINPROGRESS):
                raise OSError(code, os.strerror(code))
            if self.protocol != "tcp":
                self.socket.send(ECHO_REQUEST)
        except OSError as error:
            self.fail(error)

    def read(self, _):
        try:
            data = self.socket.recv(64)
            self.result = "pong" if self.protocol == "icmp" else data.decode()
            self.end()
        except OSError as error:
            self.fail(error)
            raise

    def fail(self, error):
        self.result = errno.errorcode.get(error.errno, str(error))
        self.end()

    def end(self):
        if self.socket.fileno() != -1:
            selector.unregister(self.socket)
            self.socket.close()


def make(tries, patience):
    """Makes tries at once, until nothing has got through for so long."""
    for one in tries:
        enter(one.machine)
        one.begin()
    end = time.monotonic() + patience
    while any(one.result == "silence" for one in tries):
        events = selector.select(max(0, end - time.monotonic()))
        if not events and time.monotonic() >= end:
            break
        for key, _ in events:
            try:
                key.data(key.fileobj)
            except OSError:
                continue
            end = time.monotonic() + patience
    for one in tries:
        one.end()


def main():
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    machines = plan["machines"]
    build(machines)
    for name in machines:
        enter(name)
        serve(name, plan["ports"])
    tries = {name: [Try(name, said) for said in machine["tries"]] for name, machine in machines.items()}
    # Silence is believed the second time: the first time the machine may only have been busy.
    for patience in plan["patience"]:
        make([one for own in tries.values() for one in own if one.result == "silence"], patience)
    print(json.dumps({name: [one.result for one in own] for name, own in tries.items()}))


main()
