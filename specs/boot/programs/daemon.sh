#!/bin/bash
# A service that runs, and of which nothing more is seen.
exec sleep infinity
