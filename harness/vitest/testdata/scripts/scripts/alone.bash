#!/bin/bash
alone() {
  echo alone
}
