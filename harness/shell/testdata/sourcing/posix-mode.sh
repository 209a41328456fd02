#!/bin/bash
set -o posix
