"""Serves a GGUF model by llama.cpp's own server until the process that started it ends.

usage: llama_server.py MODEL.gguf CONTEXT      tells on standard error where it listens
"""
import os
import sys
import time

import xllamacpp

parent = os.getppid()
parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx = int(sys.argv[2])
parameters.n_parallel = 1
parameters.hostnames = ["127.0.0.1"]
parameters.port = 0
server = xllamacpp.Server(parameters)
print(f"listens on {server.listening_address}", file=sys.stderr, flush=True)
while os.getppid() == parent:
    time.sleep(0.5)
