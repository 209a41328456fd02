#!/bin/bash
(sleep 0.05; :) &
disown
