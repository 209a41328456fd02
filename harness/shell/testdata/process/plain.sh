#!/bin/bash
# Nothing here depends on a process of its own.
work() { echo work; }
