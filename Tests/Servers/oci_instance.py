"""The two services that give a machine in Oracle's cloud its identity, for oci_oracle.py.

GET  /opc/v2/instance/region, /opc/v2/identity/{cert,key,intermediate}.pem   the metadata service; wants "Bearer Oracle"
POST /v1/x509   the federation service: the request must be signed with the key of the leaf certificate, in the form of
                Oracle's own verifier; the leaf must be one of this tenancy, signed by the intermediate certificate. The
                answer is a token, good for the session key that the request names.
"""
import base64
import datetime
import hashlib
import json
import secrets
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as ser
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from oci._vendor.httpsig_cffi.utils import parse_authorization_header
from oci._vendor.httpsig_cffi.verify import HeaderVerifier

SIGNED = ["date", "(request-target)", "content-length", "content-type", "x-content-sha256"]


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def name(*words):
    kinds = [NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME]
    return x509.Name([x509.NameAttribute(kind, word) for kind, word in zip(kinds, words)])


def sign(subject, issuer, key, by):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1)).sign(by, hashes.SHA256()))


class Instance:
    def __init__(self, tenancy, region, ttl, keys):
        """keys: where the oracle looks up who signs, "ST$TOKEN" -> PEM; tokens are added there."""
        self.tenancy, self.region, self.ttl, self.keys = tenancy, region, ttl, keys
        self.issued, self.refused, self.tokens = 0, [], []
        ca, self.key = new_key(), new_key()
        issuer = name("PKISVC Identity Intermediate")
        self.intermediate = sign(issuer, issuer, ca, ca)
        self.leaf = sign(name("ocid1.instance.oc1..aaaatest", "opc-certtype:instance", "opc-tenant:" + tenancy),
                         issuer, self.key, ca)

    def revoke(self):
        for token in self.tokens:
            self.keys.pop("ST$" + token, None)
        self.tokens = []

    def answer(self, method, path, headers, read):
        """(status, body) for what is of these services, else None."""
        if method == "GET" and path.startswith("/opc/v2/"):
            return self.metadata(path.removeprefix("/opc/v2/"), headers)
        if method == "POST" and path == "/v1/x509":
            try:
                return 200, json.dumps({"token": self.token(path, headers, read())}).encode()
            except (ValueError, KeyError, AssertionError) as error:
                self.refused.append(f"{type(error).__name__}: {error}")
                return 401, json.dumps({"code": "NotAuthenticated", "message": self.refused[-1]}).encode()
        return None

    def metadata(self, what, headers):
        if headers.get("Authorization") != "Bearer Oracle":
            return 401, b""
        pem = ser.Encoding.PEM
        known = {
            "instance/region": self.region.encode() + b"\n",
            "identity/cert.pem": self.leaf.public_bytes(pem),
            "identity/intermediate.pem": self.intermediate.public_bytes(pem),
            "identity/key.pem": self.key.private_bytes(pem, ser.PrivateFormat.TraditionalOpenSSL, ser.NoEncryption()),
        }
        return (200, known[what]) if what in known else (404, b"")

    def token(self, path, headers, body):
        scheme, said = parse_authorization_header(headers["Authorization"])
        leaf_der = self.leaf.public_bytes(ser.Encoding.DER)
        sha1 = hashlib.sha1(leaf_der).hexdigest().upper()
        fingerprint = ":".join(sha1[i:i + 2] for i in range(0, 40, 2))
        assert said["keyid"] == f"{self.tenancy}/fed-x509/{fingerprint}", "keyId " + said["keyid"]
        assert said["version"] == "1" and said["algorithm"] == "rsa-sha256" and scheme.lower() == "signature", "form"
        public = self.leaf.public_key().public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo)
        fields = {key.lower(): value for key, value in headers.items()}
        assert HeaderVerifier(fields, public, required_headers=SIGNED, method="POST", path=path).verify(), "signature"
        assert "host" not in said["headers"].split(), "the service does not see the host"
        assert fields["x-content-sha256"] == base64.b64encode(hashlib.sha256(body).digest()).decode(), "body"
        wish = json.loads(body)
        sent = x509.load_der_x509_certificate(base64.b64decode(wish["certificate"], validate=True))
        between = [x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
                   for text in wish["intermediateCertificates"]]
        assert sent == self.leaf and between == [self.intermediate], "certificates"
        between[0].public_key().verify(
            sent.signature, sent.tbs_certificate_bytes, padding.PKCS1v15(), sent.signature_hash_algorithm)
        session = ser.load_der_public_key(base64.b64decode(wish["publicKey"], validate=True))
        assert session.key_size >= 2048, "session key"

        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
        token = ".".join([part({"alg": "RS256"}), part({"exp": int(time.time()) + self.ttl, "jti": secrets.token_hex(8)}),
                          "c2ln"])
        self.keys["ST$" + token] = session.public_bytes(ser.Encoding.PEM, ser.PublicFormat.SubjectPublicKeyInfo)
        self.tokens.append(token)
        self.issued += 1
        return token
