#!/bin/bash
set -eux
