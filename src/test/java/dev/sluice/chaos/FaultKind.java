package dev.sluice.chaos;

/** What can be done to the parts of a running system. */
enum FaultKind {
    KILL_SERVER("kill -9 of the server", Part.SERVER),
    STOP_SERVER("SIGTERM to the server", Part.SERVER),
    KILL_BROKER("kill -9 of the broker", Part.BROKER),
    KILL_FUNCTION("kill -9 of the HTTP function", Part.FUNCTION),
    FREEZE_SERVER("server frozen beyond its session, a foreign member takes over", Part.SERVER),
    FREEZE_BROKER("broker frozen", Part.BROKER),
    FREEZE_FUNCTION("HTTP function frozen", Part.FUNCTION),
    CUT("connections to the broker closed", Part.PROXY),
    RESET("connections to the broker reset", Part.PROXY),
    REFUSE("broker refuses connections", Part.PROXY),
    HALF_OPEN("connections to the broker open and silent", Part.PROXY),
    SLOW("connections to the broker slow", Part.PROXY),
    BLACK_HOLE("connections to the broker silent for good", Part.PROXY),
    FOREIGN_MEMBER("foreign member joins and leaves", Part.GROUP),
    FOREIGN_DEATH("foreign member joins and dies", Part.GROUP),
    MORE_PARTITIONS("a topic gets one more partition", Part.TOPIC);

    /** What is hit: two faults of one part never overlap. */
    enum Part { SERVER, BROKER, FUNCTION, PROXY, GROUP, TOPIC }

    private final String title;
    private final Part part;

    FaultKind(String title, Part part) {
        this.title = title;
        this.part = part;
    }

    String title() {
        return title;
    }

    Part part() {
        return part;
    }
}
