#!/bin/bash
# Lowers a limit as careful scripts do.
ulimit -n 100
