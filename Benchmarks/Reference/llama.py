"""Serves a GGUF file with llama.cpp: the file and the port as arguments."""
import os, signal, sys
import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx = 2048
parameters.n_parallel = 1
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(sys.argv[2])
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = min(4, os.cpu_count())
parameters.warmup = True
parameters.verbosity = 0
parameters.ui = False
server = xllamacpp.Server(parameters)
print("ready", server.listening_address, flush=True)
signal.sigwait([signal.SIGTERM, signal.SIGINT])
os._exit(0)
