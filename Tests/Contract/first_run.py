"""Makes the first administrator of a new server and prints an access token. usage: first_run.py ADDRESS TOKEN"""
import json
import sys
import urllib.request

address, token = sys.argv[1:]
person = {"token": token, "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"}
request = urllib.request.Request(
    address + "/v1/auth/first-run", json.dumps(person).encode(), {"Content-Type": "application/json"}
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer)["access_token"])
