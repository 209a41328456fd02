#!/bin/bash
cd /usr/share || exit
