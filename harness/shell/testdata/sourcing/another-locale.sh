#!/bin/bash
export LC_ALL=C LANG=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8
