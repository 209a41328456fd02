#!/bin/bash
shopt -s extdebug nullglob failglob extglob nocasematch nocaseglob dotglob globstar localvar_inherit localvar_unset
shopt -s inherit_errexit lastpipe xpg_echo execfail huponexit assoc_expand_once
