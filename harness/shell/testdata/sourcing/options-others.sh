#!/bin/bash
set -o pipefail -o noclobber -o noglob -o errtrace -o functrace -o allexport -o physical -o verbose
