"""Sends IPv4 packets as Ethernet frames: a list in JSON on standard input, each with the cable that it comes by."""

import json
import socket
import struct
import sys
import time


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def payload(packet, pseudo):
    """The first packet of a connection: a SYN, a datagram, an echo request, or eight bytes of anything else."""
    ports = struct.pack("!HH", packet["sport"], packet["dport"])
    if packet["protocol"] == 6:
        head, tail = ports + struct.pack("!IIBBH", 1, 0, 5 << 4, 2, 64240), b"\0\0"
        return head + struct.pack("!H", checksum(pseudo(20) + head + b"\0\0" + tail)) + tail
    if packet["protocol"] == 17:
        head = ports + struct.pack("!H", 8)
        return head + struct.pack("!H", checksum(pseudo(8) + head + b"\0\0"))
    if packet["protocol"] == 1:
        head, tail = b"\x08\0", struct.pack("!HH", packet["id"], 1)
        return head + struct.pack("!H", checksum(head + b"\0\0" + tail)) + tail
    return b"\x21\x37\x64\x01\0\0\0\0"


def frame(packet):
    ends = socket.inet_aton(packet["saddr"]) + socket.inet_aton(packet["daddr"])
    body = payload(packet, lambda length: ends + struct.pack("!BBH", 0, packet["protocol"], length))
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(body), packet["id"], 0, 64, packet["protocol"])
    head += struct.pack("!H", checksum(head + b"\0\0" + ends)) + ends
    with open(f"/sys/class/net/{packet['iifname']}/address") as address:
        to = bytes.fromhex(address.read().strip().replace(":", ""))
    return to + b"\x02\0\0\0\0\x01\x08\0" + head + body


sockets = {}
for count, packet in enumerate(json.load(sys.stdin)):
    cable = packet["cable"]
    if cable not in sockets:
        sockets[cable] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sockets[cable].bind((cable, 0))
    sockets[cable].send(frame(packet))
    if count % 50 == 49:
        time.sleep(0.002)  # The queue of a receiver holds 1,000.
