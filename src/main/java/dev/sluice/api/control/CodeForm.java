package dev.sluice.api.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionCode;

/** How is a function's code shown, kind by kind? Under the names by which it is registered. */
record CodeForm(ObjectNode json) implements FunctionCode.Kinds<ObjectNode> {

    @Override
    public ObjectNode archive(FunctionCode.Archive archive) {
        return json.put("sha256", archive.sha256()).put("size", archive.size());
    }

    @Override
    public ObjectNode localJar(FunctionCode.LocalJar jar) {
        return json.put("jar", jar.path().toString());
    }

    @Override
    public ObjectNode localTree(FunctionCode.LocalTree tree) {
        if (tree.taskRoot().isPresent()) {
            return json.put("directory", tree.taskRoot().get().toString());
        }
        ArrayNode entries = json.putArray("classpath");
        tree.classPath().forEach(entry -> entries.add(entry.toString()));
        return json;
    }

    @Override
    public ObjectNode localDirectory(FunctionCode.LocalDirectory place) {
        if (place.command().isEmpty()) {
            return json.put("directory", place.directory().toString());
        }
        place.command().forEach(json.putArray("command")::add);
        return json.put("workingDirectory", place.directory().toString());
    }

    @Override
    public ObjectNode attached(FunctionCode.Attached attached) {
        return json.put("attach", true);
    }

    @Override
    public ObjectNode httpEndpoint(FunctionCode.HttpEndpoint endpoint) {
        return json.put(endpoint.runtimeEmulator() ? "invokeUrl" : "url", endpoint.url().toString());
    }

    @Override
    public ObjectNode image(FunctionCode.Image image) {
        return json.put("imageUri", image.uri());
    }
}
