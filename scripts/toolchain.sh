# shellcheck shell=bash
# What the scripts beside this file need of the machine; sourced by them. Sets JAVA and JAVA_MAJOR.

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# The major version of the Java whose program is $1: from the file "release" of its home, since starting it costs time.
java_major() {
  local program release
  program=$(readlink -f "$1" 2>/dev/null || echo "$1")
  release=$(dirname "$(dirname "$program")")/release
  if [ -r "$release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release"
  else
    "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
  fi
}

require_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    JAVA=$JAVA_HOME/bin/java
    [ -x "$JAVA" ] || fail "JAVA_HOME is '$JAVA_HOME' and holds no Java; a JDK 17 or newer is needed"
  else
    JAVA=$(command -v java) || fail "there is no Java; install a JDK 17 or newer, or set JAVA_HOME"
  fi
  JAVA_MAJOR=$(java_major "$JAVA")
  [ "${JAVA_MAJOR:-0}" -ge 17 ] || fail "$JAVA is Java ${JAVA_MAJOR:-of unknown version}; a JDK 17 or newer is needed (set JAVA_HOME)"
}

# For building: the compiler and Maven as well.
require_build_tools() {
  require_java
  [ -x "$(dirname "$(readlink -f "$JAVA" 2>/dev/null || echo "$JAVA")")/javac" ] \
    || fail "$JAVA has no compiler beside it; a JDK 17 or newer is needed (set JAVA_HOME)"
  command -v mvn >/dev/null || fail "there is no Maven; install Maven 3.8 or newer"
}
