#!/bin/bash
# Needs a program at file level, and takes it as it comes.
export VERSION
VERSION=$(backend --version 2>/dev/null || echo none)
