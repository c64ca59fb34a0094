"""Fills a bucket of an S3 server: s3_seed.py ENDPOINT ACCESS_KEY SECRET_KEY < JSON

{"bucket": "b", "region": "us-east-1",
 "objects": [{"key": "k", "base64": "…", "checksum": "CRC32"}],
 "many": {"prefix": "m/", "count": 3000},
 "multipart": [{"key": "k", "part": 5242880, "parts": 3}, {"key": "l", "sizes": [5242880, 7], "checksum": "SHA256"}],
 "session": true,
 "delete": ["k"]}

"many" makes objects m/000000 … of a few bytes. A part's bytes are its number, repeated. Prints a JSON object with the
ETags of multipart uploads by key and, where asked for, the keys of a session ("session": [access, secret, token]).
"""
import base64
import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

endpoint, access, secret = sys.argv[1:4]
spec = json.load(sys.stdin)
region = spec.get("region", "us-east-1")
common = dict(endpoint_url=endpoint, region_name=region, aws_access_key_id=access, aws_secret_access_key=secret)
s3 = boto3.client("s3", **common, config=Config(
    s3={"addressing_style": "path"}, max_pool_connections=16, request_checksum_calculation="when_required",
    # A server that has just started may answer 500 until its volumes are there.
    retries={"mode": "standard", "total_max_attempts": 12}))
bucket = spec["bucket"]
try:
    if region == "us-east-1":
        s3.create_bucket(Bucket=bucket)
    else:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
    pass


def put(item):
    extra = {"ChecksumAlgorithm": item["checksum"]} if "checksum" in item else {}
    s3.put_object(Bucket=bucket, Key=item["key"], Body=base64.b64decode(item["base64"]), **extra)


def put_many(prefix, numbers):
    """Over one connection, signed by botocore but sent without its client, which takes most of the time."""
    place = urlsplit(endpoint)
    connection = http.client.HTTPConnection(place.hostname, place.port)
    signer = S3SigV4Auth(Credentials(access, secret), "s3", region)
    for number in numbers:
        path = f"/{bucket}/{prefix}{number:06}"
        request = AWSRequest("PUT", endpoint + path, data=b"%d" % number)
        signer.add_auth(request)
        for wait in (0.2, 1, 3, 9, 0):
            connection.request("PUT", path, body=request.data, headers=dict(request.headers))
            answer = connection.getresponse()
            text = answer.read()
            if answer.status < 500:
                break
            time.sleep(wait)
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {text!r}")


with ThreadPoolExecutor(16) as pool:
    list(pool.map(put, spec.get("objects", [])))
    if "many" in spec:
        many = spec["many"]
        list(pool.map(lambda first: put_many(many["prefix"], range(first, many["count"], 8)), range(8)))

for key in spec.get("delete", []):
    s3.delete_object(Bucket=bucket, Key=key)

made = {}
for item in spec.get("multipart", []):
    extra = {"ChecksumAlgorithm": item["checksum"]} if "checksum" in item else {}
    upload = s3.create_multipart_upload(Bucket=bucket, Key=item["key"], **extra)["UploadId"]
    parts = []
    for number, size in enumerate(item.get("sizes") or [item["part"]] * item["parts"], 1):
        part = s3.upload_part(Bucket=bucket, Key=item["key"], UploadId=upload, PartNumber=number,
                              Body=bytes([number]) * size, **extra)
        parts.append({"PartNumber": number, "ETag": part["ETag"]})
        if extra:
            name = "Checksum" + item["checksum"]
            parts[-1][name] = part[name]
    made[item["key"]] = s3.complete_multipart_upload(
        Bucket=bucket, Key=item["key"], UploadId=upload, MultipartUpload={"Parts": parts})["ETag"]
if spec.get("session"):
    keys = boto3.client("sts", **common).get_session_token()["Credentials"]
    made["session"] = [keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]]
print(json.dumps(made))
