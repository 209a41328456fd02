#!/bin/bash
enable -n test true false '['
