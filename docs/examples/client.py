"""Find a service, take a number, follow it until it is called.  (pip install httpx)

SATUATAP_URL=http://127.0.0.1:8000 SATUATAP_KEY=sat_... python client.py "ktp hilang"
"""

import os
import sys
import time
import uuid

import httpx

http = httpx.Client(
    base_url=os.environ["SATUATAP_URL"].rstrip("/") + "/api/v1",
    headers={"Authorization": f"Bearer {os.environ['SATUATAP_KEY']}", "Accept-Language": "en"},
)
pause = float(os.environ.get("SATUATAP_PAUSE", "15"))


def ask(method, path, **words):
    """One request; what comes too often or too early is sent again with the same Idempotency-Key: never done twice."""
    for _ in range(5):
        answer = http.request(method, path, **words)
        if answer.status_code not in (429, 503):
            break
        time.sleep(int(answer.headers.get("Retry-After", 2)))
    if answer.is_error:
        sys.exit("{code}: {detail} {what_to_do}".format(**answer.json()))
    return answer.json()


service = ask("GET", "/search", params={"q": sys.argv[1], "limit": 1})["items"][0]
mall = ask("GET", "/malls")["items"][0]["code"]
wish, key = {"services": [service["code"]]}, {"Idempotency-Key": str(uuid.uuid4())}
ticket = ask("POST", f"/malls/{mall}/tickets", json=wish, headers=key)
print(f"{service['name_en']}: number {ticket['number']}, code {ticket['code']}", flush=True)
while (visit := ask("GET", f"/visits/{ticket['token']}"))["state"] == "waiting":
    print(f"wait in zone {visit['wait_zone']}, {visit['stops'][0]['ahead']} before you", flush=True)
    time.sleep(pause)
print(f"{visit['state']} at {[stop['sign'] for stop in visit['stops'] if stop['sign']]}")
