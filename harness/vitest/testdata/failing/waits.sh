#!/bin/bash
# A script that waits for something while it is sourced.
echo waiting
sleep infinity
