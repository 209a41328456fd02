#!/bin/bash
set -k
