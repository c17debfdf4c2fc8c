#!/usr/bin/env python3
"""Uses a new server with the official client packages, unmodified.

usage: run.py BASE FIRST_LOGIN_LINK
"""
import sys

import mcp_client
import openai_client
from household import Household

household = Household(sys.argv[1], sys.argv[2])
openai_client.run(household)
mcp_client.run(household)
