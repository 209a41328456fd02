#!/bin/bash
exec > >(cat >/dev/null) 2>&1
