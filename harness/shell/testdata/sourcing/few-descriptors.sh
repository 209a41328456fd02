#!/bin/bash
ulimit -n 16
