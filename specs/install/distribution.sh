#!/bin/bash
# The functions that every distribution's scripts define. Sourced where specs stand in for all of them.

installKubeletKubectlFromPkg() { :; }
installCredentialProviderFromPkg() { :; }
installCredentialProviderPackageFromBootstrapProfileRegistry() { :; }
