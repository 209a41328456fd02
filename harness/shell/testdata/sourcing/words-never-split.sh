#!/bin/bash
unset IFS
