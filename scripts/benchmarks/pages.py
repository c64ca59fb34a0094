"""A listing of S3 that costs its server nothing: pages of ListObjectsV2, written down once and served by nginx.

    GET /BUCKET/?list-type=2&continuation-token=000017000  →  the file pages/000017000.xml below the document root
"""
import json
import os
import shutil

PAGE_KEYS = 1000
ENTRY = (
    "<Contents><Key>image-%08d.jpg</Key><LastModified>2024-01-02T03:04:05.000Z</LastModified>"
    "<ETag>&quot;%s&quot;</ETag><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>")


def entry(number):
    return ENTRY % (number, "%032x" % (number * 2654435761 % 2**128), 1000 + number % 1000)


def empty_entry(number):
    return ENTRY % (number, "d41d8cd98f00b204e9800998ecf8427e", 0)


# nginx: what is asked of the bucket `keys` itself is its page, whoever signed; of what is in it there is nothing.
LOCATION = """
        location = /keys { rewrite ^ /keys/ last; }
        location = /keys/ {
            default_type application/xml;
            if ($args ~ "^versioning") { return 200 "<VersioningConfiguration/>"; }
            set $page "";
            if ($args ~ "continuation-token=([0-9]+)") { set $page $1; }
            rewrite ^ /pages/$page.xml break;
        }
"""


def make(www, keys):
    """Writes the pages of `keys` keys, unless they are there."""
    folder = os.path.join(www, "pages")
    stamp, facts = os.path.join(folder, "complete.json"), json.dumps({"keys": keys, "page": PAGE_KEYS})
    if os.path.exists(stamp) and open(stamp).read() == facts:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for first in range(0, keys, PAGE_KEYS):
        # The first page is asked for without a token.
        name = "%09d.xml" % first if first else ".xml"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(page(first, keys))
    with open(stamp, "w") as file:
        file.write(facts)


def page(first, keys, entry=entry):
    end = min(first + PAGE_KEYS, keys)
    more = "<NextContinuationToken>%09d</NextContinuationToken>" % end if end < keys else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        "<Name>keys</Name><Prefix></Prefix><KeyCount>%d</KeyCount><MaxKeys>%d</MaxKeys><EncodingType>url</EncodingType>"
        "<IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>" % (
            end - first, PAGE_KEYS, "true" if end < keys else "false", more,
            "".join(entry(number) for number in range(first, end))))
