#!/usr/bin/env python3
"""The demo's dataset: 12 WebDataset shards of about 1 MiB, plain Python, the same bytes every time.

Usage: demo-data.py WWW GOOD

WWW gets train-000000.tar … train-000011.tar without train-000007 (a hole in the range), and with a header overwritten
in the middle of train-000004 (damage that no transfer error shows). GOOD gets the undamaged train-000004.
"""
import io
import json
import os
import random
import shutil
import sys
import tarfile

SAMPLES, IMAGE_BYTES = 16, 66_000  # a little over 1 MiB in all
www, good = sys.argv[1:3]


def shard(path, number):
    """One shard: SAMPLES samples of three members (.jpg, .json, .cls) that share a key."""
    random.seed(number)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for index in range(SAMPLES):
            key, label = "%06d%03d" % (number, index), random.randrange(1000)
            about = json.dumps({"key": key, "label": label}).encode() + b"\n"
            image = b"\xff\xd8\xff\xe0" + random.randbytes(IMAGE_BYTES) + b"\xff\xd9"
            for extension, data in (("jpg", image), ("json", about), ("cls", b"%d\n" % label)):
                member = tarfile.TarInfo("%s.%s" % (key, extension))
                member.size, member.mtime, member.mode = len(data), 1_700_000_000, 0o644
                tar.addfile(member, io.BytesIO(data))


def overwrite_header(path, member_index):
    """Zeros a hundred bytes of one member's header block, as a bad disk at the source would."""
    with tarfile.open(path) as tar:
        offset = tar.getmembers()[member_index].offset
    with open(path, "r+b") as file:
        file.seek(offset + 100)
        file.write(bytes(100))


for folder in (www, good):
    os.makedirs(folder, exist_ok=True)
for number in range(12):
    if number != 7:
        shard(os.path.join(www, "train-%06d.tar" % number), number)
damaged = os.path.join(www, "train-000004.tar")
shutil.copy(damaged, good)
overwrite_header(damaged, 3 * SAMPLES // 2)
