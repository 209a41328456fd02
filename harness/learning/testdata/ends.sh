#!/bin/bash
# Cannot be sourced.
exit 3
